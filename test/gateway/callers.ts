import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routerSecret } from '../../examples/supergraph/start.ts';
import { type GatewayUnderTest, pathAs } from './facts.ts';
import { type Answer, startWorld, type World } from './world.ts';

/** Who is believed to be who, and which headers go where. */
export function callers(world: () => World, gateway: GatewayUnderTest): void {
  describe('callers', () => {
    test('nobody is logged in: the projects are there, people are not', async () => {
      const { data, errors } = await world().ask('{ me { name } projects { name owner { name } } }', {
        as: null,
      });
      expect(data.me).toBeNull();
      expect(data.projects.map(({ name }: { name: string }) => name)).toEqual([
        'Engine',
        'Census',
        'Compiler',
      ]);
      expect(data.projects[0].owner).toEqual({ name: null });
      expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(
        new Set(['UNAUTHENTICATED']),
      );
    });

    test('a login token that Bird does not take is told apart from Bird being down', async () => {
      const expired = await world().ask('{ me { name } }', { as: 'expired' });
      expect(expired.errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
      await world().bird.isDown();
      const down = await world().ask('{ me { name } }');
      expect(down.errors).toMatchObject([{ path: ['me'], extensions: { code: 'PROVIDER_UNAVAILABLE' } }]);
    });

    test("somebody else's private field is null and FORBIDDEN, and only that field", async () => {
      const { data, errors } = await world().ask('{ project(id: "1") { members { name email } } }');
      expect(data.project.members).toEqual([
        { name: 'Ada Lovelace', email: 'ada@example.com' },
        { name: 'Grace Hopper', email: null },
        { name: 'Linus Torvalds', email: null },
      ]);
      expect(errors).toMatchObject([
        {
          path: pathAs(gateway.facts, ['project', 'members', 1, 'email']),
          extensions: { code: 'FORBIDDEN' },
        },
        {
          path: pathAs(gateway.facts, ['project', 'members', 2, 'email']),
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
    });

    test("a client's own claim to be an operator, or the gateway, goes nowhere", async () => {
      const { data, errors } = await world().ask('{ project(id: "1") { members { email } } }', {
        headers: { 'x-user-scopes': 'users:read', 'router-authorization': 'made up' },
      });
      expect(data.project.members[1].email).toBeNull();
      expect(errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
        { extensions: { code: 'FORBIDDEN' } },
      ]);
    });

    test('each subgraph gets the headers that are meant for it', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await world().ask('{ projects { owner { organization { name } } } me { billing { isPaying } } }', {
        headers: { 'x-request-id': 'the-request', traceparent },
      });
      const atProviders = [...world().ejento.requests, ...world().insighto.requests];
      expect(atProviders).not.toEqual([]);
      for (const { headers } of [...atProviders, ...world().seenByProjects.map((headers) => ({ headers }))]) {
        expect((headers as Record<string, unknown>)['x-request-id']).toBe('the-request');
        expect((headers as Record<string, string>)['traceparent']).toMatch(
          /^00-0af7651916cd43dd8448eb211c80319c-/,
        );
      }
      expect(world().seenByProjects).not.toEqual([]);
      for (const headers of world().seenByProjects) {
        expect(headers).not.toHaveProperty('authorization');
        expect(headers).not.toHaveProperty('router-authorization');
        expect(JSON.stringify(headers)).not.toContain(routerSecret);
      }
    });

    describe('when the users subgraph does not answer the gateway', () => {
      let other: World;
      beforeAll(async () => {
        other = await startWorld({ ...gateway, said: 'not the secret' });
      });
      afterAll(() => other?.stop());

      async function askForWhatIsLeft(): Promise<Answer> {
        const answer = await other.ask('{ me { name } projects { name owner { name } } }');
        expect(answer.status).toBe(200);
        expect(answer.data.me).toBeNull();
        expect(answer.data.projects).toHaveLength(3);
        expect(answer.data.projects[0]).toEqual({ name: 'Engine', owner: { name: null } });
        expect(answer.text).not.toMatch(/127\.0\.0\.1|localhost|not the secret/);
        expect(other.calls()).toEqual({ bird: 0, ejento: 0, insighto: 0, atoms: 0 });
        return answer;
      }

      test('a wrong secret: what is left is there, and no provider is called', async () => {
        const { errors } = await askForWhatIsLeft();
        expect(errors[0]).toMatchObject(gateway.facts.wrongSecret);
      });

      test('it is down: what is left is there', async () => {
        await other.stopUsers();
        const { errors } = await askForWhatIsLeft();
        expect(errors[0]).toMatchObject(gateway.facts.subgraphDown);
      });
    });
  });
}
