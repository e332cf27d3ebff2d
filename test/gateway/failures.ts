import { describe, expect, onTestFinished, test } from 'vitest';
import { type GatewayUnderTest, pathAs } from './facts.ts';
import { startWorld, type World } from './world.ts';

/** What is left, and what a client is told, when a provider or the other subgraph is in trouble. */
export function failures(world: () => World, gateway: GatewayUnderTest): void {
  describe('failures', () => {
    test('a provider that is down costs its own fields, and the other subgraph nothing', async () => {
      await world().ejento.isDown();
      const { status, data, errors } = await world().ask(
        '{ me { name organization { name projects { name } } billing { isPaying } projects { name } } }',
      );
      expect(status).toBe(200);
      expect(data.me).toMatchObject({
        name: 'Ada Lovelace',
        organization: null,
        billing: { isPaying: true },
        projects: [{ name: 'Engine' }, { name: 'Compiler' }],
      });
      expect(errors).toMatchObject([
        {
          message: 'Ejento could not be reached.',
          path: ['me', 'organization'],
          extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'ejento', retryable: true },
        },
      ]);
    });

    test('the other subgraph being down costs its own fields, and the person nothing', async () => {
      const other = await startWorld(gateway);
      onTestFinished(() => other.stop());
      await other.stopProjects();
      const { data, errors, text } = await other.ask(
        '{ me { name organization { name projects { name } } projects { name } } }',
      );
      expect(data.me).toEqual({
        name: 'Ada Lovelace',
        organization: { name: 'Analytical Engines', projects: null },
        projects: null,
      });
      expect(errors).not.toEqual([]);
      expect(text).not.toMatch(/127\.0\.0\.1|localhost/);
    });

    test('what a client needs to act on an error arrives with it', async () => {
      world().insighto.rateLimits(7);
      const { data, errors } = await world().ask('{ me { name billing { isPaying } } }');
      expect(data.me).toEqual({ name: 'Ada Lovelace', billing: null });
      expect(errors).toMatchObject([
        {
          extensions: {
            code: 'PROVIDER_RATE_LIMITED',
            provider: 'insighto',
            retryable: true,
            retryAfterSeconds: 7,
          },
        },
      ]);
    });

    test('one person of a list costs one element, and the error says which', async () => {
      world().ejento.forbids({ path: '/v2/api/user/148' });
      const { data, errors } = await world().ask(
        '{ engine: project(id: "1") { people: members { name work: organization { name } } } }',
      );
      expect(data.engine.people).toEqual([
        { name: 'Ada Lovelace', work: { name: 'Analytical Engines' } },
        { name: 'Grace Hopper', work: null },
        { name: 'Linus Torvalds', work: { name: 'Kernel Works' } },
      ]);
      expect(errors).toMatchObject([
        {
          path: pathAs(gateway.facts, ['engine', 'people', 1, 'work']),
          extensions: { code: 'PROVIDER_CREDENTIALS_REJECTED' },
        },
      ]);
    });

    test('nothing of a provider or a subgraph is told that is not for the client', async () => {
      world().ejento.fails();
      const down = await world().ask('{ me { organization { name } } }');
      const refused = await world().ask('{ user(id: "no id") { name } }');
      const invalid = await world().ask('{ me { nme } }');
      for (const { text, errors } of [down, refused, invalid]) {
        expect(errors).not.toEqual([]);
        expect(text).not.toMatch(/127\.0\.0\.1|localhost|stack|at async|ejento-/i);
      }
      expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  });
}
