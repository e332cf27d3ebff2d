import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, linus, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const atomsOf = (selection: string, id = ada.userId) =>
  subgraph.entities([id], selection, { headers: operator });

describe('Atoms', () => {
  it("is asked with the person's own key, at the replacement of what is gone", async () => {
    const { data, errors } = await atomsOf(
      'atomsAccount { id authProvider subscription { planId isActive } }',
    );
    expect(errors).toEqual([]);
    expect(data._entities[0].atomsAccount).toMatchObject({
      id: ada.atoms?.id,
      subscription: { isActive: expect.any(Boolean) },
    });
    expect(subgraph.atoms.lines()).toEqual(['GET /atoms/v1/user', 'GET /atoms/v1/user/subscription']);
    for (const { headers } of subgraph.atoms.requests) {
      expect(headers['authorization']).toBe(`Bearer ${ada.atoms?.key}`);
    }
  });

  it('is not asked for the subscription unless it is selected, nor about somebody without an account', async () => {
    await atomsOf('atomsAccount { email }');
    expect(subgraph.atoms.lines()).toEqual(['GET /atoms/v1/user']);
    const { data, errors } = await atomsOf('atomsAccount { email }', linus.userId);
    expect([data._entities, errors]).toEqual([[{ atomsAccount: null }], []]);
    expect(subgraph.atoms.requests.length).toBe(1);
  });

  it('is not asked about somebody whose stored key does not open, or is not there', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'links-'));
    const file = join(directory, 'links.db');
    const altered = await startSubgraph({ ROUTER_SECRET, LINKS_URL: `sqlite:${file}` });
    const [mixedUp, keyless] = [numbered(1001).userId, numbered(1002).userId];
    const other = new DatabaseSync(file);
    const ofAtoms = (userId: string) => `user_id = '${userId}' AND provider = 'atoms'`;
    other.exec(`UPDATE links SET sealed = (SELECT sealed FROM links WHERE ${ofAtoms(grace.userId)})
                WHERE ${ofAtoms(mixedUp)}`);
    other.exec(`UPDATE links SET key_id = NULL, sealed = NULL WHERE ${ofAtoms(keyless)}`);
    other.close();
    const { data, errors } = await altered.entities([mixedUp, keyless, ada.userId], 'atomsAccount { id }', {
      headers: operator,
    });
    const none = { atomsAccount: null };
    expect(data._entities).toEqual([none, none, { atomsAccount: { id: ada.atoms?.id } }]);
    const extensions = { provider: 'atoms', retryable: false };
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'atomsAccount'],
        extensions: { ...extensions, code: 'PROVIDER_CREDENTIALS_REJECTED' },
      },
      {
        path: ['_entities', 1, 'atomsAccount'],
        extensions: { ...extensions, code: 'PROVIDER_CREDENTIALS_REJECTED' },
      },
    ]);
    expect(altered.atoms.lines()).toEqual(['GET /atoms/v1/user']);
    await altered.stop();
    rmSync(directory, { recursive: true });
  });

  it("that does not take a person's own key is told of: whose it is, and how often", async () => {
    const count = async () =>
      Number(
        /^user_subgraph_personal_keys_rejected_total\{provider="atoms"\} (\d+)$/m.exec(
          await subgraph.metrics(),
        )?.[1] ?? 0,
      );
    const before = await count();
    subgraph.log.length = 0;
    subgraph.atoms.isUnauthorized();
    await subgraph.entities([ada.userId], 'atomsAccount { id }', { headers: operator });
    expect((await count()) - before).toBe(1);
    const lines = subgraph.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ userId }) => userId === ada.userId)).toMatchObject([
      { level: 'warn', provider: 'atoms', msg: expect.stringMatching(/own key is not taken/) },
    ]);

    const listed: string[] = [];
    await expect
      .poll(async () => {
        listed.length = 0;
        for await (const { row } of subgraph.links.rejected()) listed.push(`${row.userId} ${row.provider}`);
        return listed;
      })
      .toContain(`${ada.userId} atoms`);
  });

  it.each(['answersSuccessFalse', 'answersNullData', 'answersAnotherPerson', 'notFound'] as const)(
    'that %s with HTTP 200 or 404 costs its own fields',
    async (fault) => {
      subgraph.atoms[fault]();
      const { data, errors } = await atomsOf('name atomsAccount { email }');
      expect(data._entities).toEqual([{ name: 'Ada Lovelace', atomsAccount: null }]);
      expect(errors).toMatchObject([
        { extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'atoms' } },
      ]);
    },
  );

  it.each([
    [400, 'usage limit'],
    [403, 'trial'],
  ])('that refuses with %i may have any of several causes, and says so', async (status) => {
    subgraph.atoms.answers(status, { body: subgraph.atoms.error(status).body });
    const { data, errors } = await atomsOf('name atomsAccount { id }');
    expect(data._entities).toEqual([{ name: 'Ada Lovelace', atomsAccount: null }]);
    expect(errors).toMatchObject([
      {
        message:
          'Atoms refused: the key it was given may not do this, or a limit of its plan or account is reached.',
        extensions: { code: 'PROVIDER_CREDENTIALS_REJECTED', provider: 'atoms', retryable: false },
      },
    ]);
  });

  it('that says nothing of somebody but who they are has nulls for the rest, without an error', async () => {
    const { data, errors } = await atomsOf(
      'atomsAccount { id email firstName lastName authProvider isEmailVerified organizationId subscription { planId } }',
      numbered(1044).userId,
    );
    expect(errors).toEqual([]);
    const { id, subscription, ...rest } = data._entities[0].atomsAccount;
    expect([id, subscription]).toEqual([numbered(1044).atoms?.id, { planId: 'pro-monthly' }]);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('shows the subscription of the organization of the key, which may be another than that of the account', async () => {
    const { data, errors } = await atomsOf(
      'atomsAccount { organizationId subscription { organizationId } }',
      grace.userId,
    );
    expect(errors).toEqual([]);
    const [{ atomsAccount }] = data._entities;
    expect(atomsAccount.organizationId).toBe(`050${'0'.repeat(20)}1`);
    expect(atomsAccount.subscription.organizationId).toBe(`050${'0'.repeat(20)}2`);
  });
});
