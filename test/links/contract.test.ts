import { expect, it } from 'vitest';
import { createCipher } from '../../src/links/cipher.ts';
import type { ImportOptions } from '../../src/links/import-links.ts';
import type { LinkRow } from '../../src/links/link-row.ts';
import type { LinkFilter, LinksAdmin, NewLink } from '../../src/links/links.ts';
import { rotateKey, type WalkOptions } from '../../src/links/reseal.ts';
import type { LinkStore } from '../../src/links/store.ts';
import { keyA, keyB, ndjson, user } from './fixtures.ts';
import { describeEachStore, type StoreWorld } from './stores.ts';

const ada = { userId: user(1), provider: 'numbers', externalId: '147' };
const adaVault = { userId: user(1), provider: 'vault', externalId: 'a1', secret: 'in-ada' };
const grace = { userId: user(2), provider: 'numbers', externalId: '148' };
const graceVault = { userId: user(2), provider: 'vault', externalId: 'g1', secret: 'in-grace' };

async function importing(links: LinksAdmin, lines: readonly object[], options: ImportOptions = {}) {
  const rejections: [line: number, reason: string][] = [];
  const report = await links.import([ndjson(...lines)], {
    ...options,
    onRejected: (line, reason) => void rejections.push([line, reason]),
  });
  return { ...report, rejections };
}

async function listed(links: LinksAdmin, filter?: LinkFilter) {
  const rows: LinkRow[] = [];
  for await (const row of links.rows(filter)) rows.push(row);
  return rows;
}

async function everything(links: LinksAdmin) {
  const rows = await listed(links);
  return rows.map((row) => {
    const { userId, provider, externalId } = row;
    return { userId, provider, externalId, secret: links.open(row) };
  });
}

/** The database as the version before rows were sealed as a whole left it. */
async function earlierVersion(world: StoreWorld, rows: readonly NewLink[]) {
  const isFile = world.url.startsWith('sqlite:');
  const text = isFile ? 'TEXT' : 'text COLLATE "C"';
  await world.sql(
    `CREATE TABLE links (
       user_id ${isFile ? 'TEXT' : 'uuid'} NOT NULL, provider ${text} NOT NULL, external_id ${text} NOT NULL,
       key_id ${text}, sealed ${isFile ? 'BLOB' : 'bytea'},
       PRIMARY KEY (user_id, provider), UNIQUE (provider, external_id),
       CHECK ((key_id IS NULL) = (sealed IS NULL))
     )${isFile ? ' STRICT' : ''}`,
  );
  await world.sql('CREATE INDEX links_by_key ON links (key_id) WHERE key_id IS NOT NULL');
  if (!isFile) await world.sql('CREATE TABLE links_schema (version integer NOT NULL)');
  await world.sql(isFile ? 'PRAGMA user_version = 1' : 'INSERT INTO links_schema VALUES (1)');
  const cipher = createCipher([keyA]);
  for (const row of rows) {
    const sealed = row.secret === null ? null : cipher.seal(row.secret, row);
    const hex = Buffer.from(sealed?.bytes ?? []).toString('hex');
    const bytes = isFile ? `x'${hex}'` : `'\\x${hex}'`;
    await world.sql(
      `INSERT INTO links VALUES ('${row.userId}', '${row.provider}', '${row.externalId}',
       ${sealed ? `'${sealed.keyId}', ${bytes}` : 'NULL, NULL'})`,
    );
  }
}

describeEachStore('links', (world) => {
  it('finds the links of many users, each with its secret', async () => {
    const links = await world.open();
    await importing(links, [graceVault, ada, grace, adaVault]);

    const found = await links.of([user(2), user(1), user(3)]);

    expect([...found.keys()].toSorted()).toEqual([user(1), user(2)]);
    const [numbers, vault] = found.get(user(1)) ?? [];
    expect(numbers).toMatchObject(ada);
    expect(numbers?.secret).toBeNull();
    expect(vault).toMatchObject({ userId: user(1), provider: 'vault', externalId: 'a1' });
    expect(vault?.secret).toBe('in-ada');
    expect(found.get(user(2))?.map((link) => link.secret)).toEqual([null, 'in-grace']);
  });

  it.each([
    { ids: [user(1)], secrets: [[user(1), 'in-ada']] },
    {
      ids: [user(2), user(1), user(3)],
      secrets: [
        [user(1), 'in-ada'],
        [user(2), 'in-grace'],
      ],
    },
  ])('finds links at one provider of $ids', async ({ ids, secrets }) => {
    const links = await world.open();
    await importing(links, [
      graceVault,
      ada,
      grace,
      adaVault,
      { ...ada, userId: user(3), externalId: '149' },
    ]);
    const found = [...(await links.of(ids, 'vault')).values()].flat();
    const atVault = found.filter(({ provider }) => provider === 'vault');
    expect(atVault.map(({ userId, secret }) => [userId, secret]).toSorted()).toEqual(secrets);
  });

  it('finds who has an account', async () => {
    const links = await world.open();
    await importing(links, [ada, grace, { ...ada, provider: 'words', externalId: 'ada' }]);

    expect(await links.usersOf('numbers', ['148', '147', '149'])).toEqual(
      new Map([
        ['147', user(1)],
        ['148', user(2)],
      ]),
    );
    expect(await links.usersOf('words', ['ada', 'grace'])).toEqual(new Map([['ada', user(1)]]));
    await expect(async () => links.usersOf('elsewhere', ['1'])).rejects.toThrow(
      'No accounts are linked at elsewhere.',
    );
  });

  it('knows nobody by a text that is no id', async () => {
    const links = await world.open();
    await importing(links, [{ ...ada, userId: '00000000-0000-4000-8000-00000000abcd' }]);
    const texts = ['', 'x', '../1', '\0', "' OR 1=1", '00000000-0000-4000-8000-00000000ABCD', 'constructor'];
    expect(await links.of(texts)).toEqual(new Map());
    expect(await links.usersOf('numbers', texts)).toEqual(new Map());
    for (const id of texts) expect(await links.removeAll(id)).toBe(0);
  });

  it('keeps secrets out of JSON, spreads and the stored bytes', async () => {
    const links = await world.open();
    await importing(links, [adaVault]);
    const [link] = (await links.of([user(1)])).get(user(1)) ?? [];
    expect(link?.secret).toBe('in-ada');
    expect(JSON.stringify([link, { ...link }])).not.toContain('in-ada');
    const [row] = await world.sql('SELECT sealed FROM links');
    expect(Buffer.from(row?.['sealed'] as Uint8Array).toString('latin1')).not.toContain('in-ada');
  });

  it('imports the same lines again without a change', async () => {
    const links = await world.open();
    const lines = [ada, adaVault, grace];
    expect(await importing(links, lines)).toMatchObject({ added: 3, changed: 0, unchanged: 0, rejected: 0 });
    const before = await world.sql('SELECT * FROM links ORDER BY user_id, provider');
    expect(await importing(links, lines)).toMatchObject({ added: 0, changed: 0, unchanged: 3, rejected: 0 });
    expect(await world.sql('SELECT * FROM links ORDER BY user_id, provider')).toEqual(before);
  });

  it('changes the account or the secret of a link', async () => {
    const links = await world.open();
    await importing(links, [ada, adaVault]);
    const lines = [
      { ...ada, externalId: '200' },
      { ...adaVault, secret: 'in-new' },
    ];
    expect(await importing(links, lines)).toMatchObject({ added: 0, changed: 2, unchanged: 0, rejected: 0 });
    expect(await everything(links)).toEqual([
      { ...ada, externalId: '200', secret: null },
      { ...adaVault, secret: 'in-new' },
    ]);
    expect(await links.usersOf('numbers', ['147', '200'])).toEqual(new Map([['200', user(1)]]));
  });

  it('keeps a secret that a line does not mention, and drops it where the line says null', async () => {
    const links = await world.open();
    const word = { userId: user(1), provider: 'words', externalId: 'ada' };
    await importing(links, [{ ...word, secret: 'w-1' }]);
    expect(await importing(links, [word])).toMatchObject({ unchanged: 1 });
    expect(await everything(links)).toEqual([{ ...word, secret: 'w-1' }]);

    const moved = await importing(links, [{ ...word, externalId: 'lovelace' }]);
    expect(moved.rejections).toEqual([[1, 'the account changes, so its secret must be given (or null)']]);

    expect(await importing(links, [{ ...word, secret: null }])).toMatchObject({ changed: 1 });
    expect(await everything(links)).toEqual([{ ...word, secret: null }]);
  });

  it('names both sides of a conflict, and changes nothing', async () => {
    const links = await world.open();
    await importing(links, [ada, grace]);
    const { rejections, ...report } = await importing(links, [{ ...grace, externalId: '147' }]);
    expect(report).toEqual({ added: 0, changed: 0, unchanged: 0, rejected: 1 });
    expect(rejections).toEqual([
      [1, `numbers account 147 is linked to user ${user(1)}, so it cannot be linked to user ${user(2)}`],
    ]);
    expect(await everything(links)).toEqual([
      { ...ada, secret: null },
      { ...grace, secret: null },
    ]);
  });

  it('lets a line see what the lines before it did', async () => {
    const links = await world.open();
    await importing(links, [ada, grace]);
    const report = await importing(links, [
      { ...ada, externalId: '148' }, // Grace has it
      { ...ada, externalId: '300' },
      { ...grace, externalId: '147' }, // Ada has left it
      { ...ada, externalId: '148' }, // and Grace has left this
      { ...ada, userId: user(3), externalId: '300' }, // Ada has left it, too
      { ...ada, userId: user(4), externalId: '300' }, // user 3 has it, since the last line
    ]);
    expect(report).toMatchObject({ added: 1, changed: 3, unchanged: 0, rejected: 2 });
    expect(report.rejections.map(([line]) => line)).toEqual([1, 6]);
    expect(await links.usersOf('numbers', ['147', '148', '300'])).toEqual(
      new Map([
        ['147', user(2)],
        ['148', user(1)],
        ['300', user(3)],
      ]),
    );
  });

  it('rejects a line with its number and reason, and applies the others', async () => {
    const links = await world.open();
    const text = [
      JSON.stringify(ada),
      '{"userId": "sk_secret',
      '',
      JSON.stringify(grace),
      JSON.stringify({ ...adaVault, secret: undefined }),
    ].join('\r\n');
    const rejections: string[] = [];
    const report = await links.import([text], {
      onRejected: (line, reason) => void rejections.push(`${line}: ${reason}`),
    });
    expect(report).toEqual({ added: 2, changed: 0, unchanged: 0, rejected: 2 });
    expect(rejections).toEqual(['2: not JSON', "5: a link to vault needs the person's secret"]);
  });

  it('rehearses an import of several batches exactly, and writes nothing', async () => {
    const links = await world.open();
    await importing(links, [ada, adaVault, grace]);
    const lines = [
      { ...ada, externalId: '90001' },
      ...Array.from({ length: 2_500 }, (_, n) => ({
        ...ada,
        userId: user(1_000 + n),
        externalId: `${1_000 + n}`,
      })),
      { ...grace, externalId: '147' }, // free since the first line
      { ...grace, externalId: '1000' }, // taken by the second
      { ...ada, externalId: '90001' },
      graceVault,
    ];
    const before = await everything(links);
    const rehearsed = await importing(links, lines, { dryRun: true });
    expect(await everything(links)).toEqual(before);
    expect(rehearsed).toMatchObject({ added: 2_501, changed: 2, unchanged: 1, rejected: 1 });
    expect(await importing(links, lines)).toEqual(rehearsed);
  });

  it('applies two imports at once batch by batch, each batch as a whole', async () => {
    const [one, other] = [await world.open(), await world.open()];
    const users = Array.from({ length: 3_000 }, (_, n) => ({ ...ada, userId: user(n) }));
    const odd = users.map((link, n) => ({ ...link, externalId: `${2 * n + 1}` }));
    const even = users.map((link, n) => ({ ...link, externalId: `${2 * n + 2}` }));
    const reports = await Promise.all([importing(one, odd), importing(other, even)]);
    const sum = (outcome: 'added' | 'changed' | 'rejected') =>
      reports.reduce((total, report) => total + report[outcome], 0);
    expect([sum('added'), sum('changed'), sum('rejected')]).toEqual([3_000, 3_000, 0]);
    const parities = (await everything(one)).map(({ externalId }) => Number(externalId) % 2);
    expect(new Set(parities.slice(0, 2_000)).size).toBe(1);
    expect(new Set(parities.slice(2_000)).size).toBe(1);
  });

  it('adds each line once of two imports of the same lines at once', async () => {
    const [one, other] = [await world.open(), await world.open()];
    const lines = Array.from({ length: 2_500 }, (_, n) => ({
      ...ada,
      userId: user(n),
      externalId: `${n + 1}`,
    }));
    const reports = await Promise.all([importing(one, lines), importing(other, lines)]);
    const sum = (outcome: 'added' | 'unchanged') =>
      reports.reduce((total, report) => total + report[outcome], 0);
    expect([sum('added'), sum('unchanged')]).toEqual([2_500, 2_500]);
    expect(await everything(one)).toHaveLength(2_500);
  });

  it('forgets a user at once, and only that user', async () => {
    const links = await world.open();
    await importing(links, [ada, adaVault, grace]);
    await links.of([user(1)]);
    await links.usersOf('numbers', ['147', '148']);

    expect(await links.removeAll(user(1))).toBe(2);
    expect(await links.of([user(1), user(2)])).toEqual(
      new Map([[user(2), [expect.objectContaining(grace)]]]),
    );
    expect(await links.usersOf('numbers', ['147', '148'])).toEqual(new Map([['148', user(2)]]));
    expect(await links.removeAll(user(1))).toBe(0);
  });

  it('links an account to a person, in place of their own only', async () => {
    const links = await world.open();
    expect(await links.link({ ...adaVault, secret: 'in-ada' })).toBe('linked');
    expect((await links.of([user(1)])).get(user(1))?.[0]?.secret).toBe('in-ada');
    expect(await links.usersOf('vault', ['a1', 'a2'])).toEqual(new Map([['a1', user(1)]]));

    expect(await links.link({ ...adaVault, externalId: 'a2', secret: 'in-new' })).toBe('linked');
    expect(await links.usersOf('vault', ['a1', 'a2'])).toEqual(new Map([['a2', user(1)]]));
    expect(await links.link({ ...graceVault, externalId: 'a2' })).toBe('taken');
    expect(await links.link({ ...graceVault, externalId: 'a1' })).toBe('linked');
    expect(await everything(links)).toEqual([
      { ...adaVault, externalId: 'a2', secret: 'in-new' },
      { ...graceVault, externalId: 'a1' },
    ]);
    expect(world.log.map(({ fields }) => fields)).toEqual(
      [1, 1, 2, 2].map((n, at) => ({
        userId: user(n),
        provider: 'vault',
        outcome: at === 2 ? 'taken' : 'linked',
      })),
    );
    expect(JSON.stringify(world.log)).not.toMatch(/in-ada|in-new|in-grace/);
  });

  it('links one account to one of twenty people who ask at once', async () => {
    const [one, other] = [await world.open(), await world.open()];
    const asking = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? one : other).link({ ...adaVault, userId: user(n) }),
    );
    const outcomes = await Promise.all(asking);
    expect(outcomes.filter((outcome) => outcome === 'linked')).toHaveLength(1);
    expect((await everything(one)).map(({ userId }) => userId)).toEqual([user(outcomes.indexOf('linked'))]);
  });

  it('links nothing that does not fit its provider, and no secret without a key', async () => {
    const links = await world.open({ keys: [] });
    await expect(links.link({ ...adaVault, externalId: '../1' })).rejects.toThrow('user id of vault');
    await expect(links.link({ ...adaVault, provider: 'elsewhere' })).rejects.toThrow('provider must be');
    await expect(links.link(adaVault)).rejects.toThrow('without LINKS_ENCRYPTION_KEY');
    expect(await everything(links)).toEqual([]);
  });

  it('unlinks one provider of one person, and says whether there was a link', async () => {
    const links = await world.open();
    await importing(links, [ada, adaVault, graceVault]);
    expect((await links.of([user(1)])).get(user(1))).toHaveLength(2);
    expect(await links.unlink(user(1), 'vault')).toBe(true);
    expect(await links.unlink(user(1), 'vault')).toBe(false);
    expect((await links.of([user(1)])).get(user(1))).toEqual([expect.objectContaining(ada)]);
    expect((await links.of([user(2)])).get(user(2))).toHaveLength(1);
    expect(world.log[0]).toMatchObject({
      fields: { userId: user(1), provider: 'vault', removed: 1 },
      message: 'links removed',
    });
  });

  it('removes the link at one provider', async () => {
    const links = await world.open();
    await importing(links, [ada, adaVault, grace]);
    expect(await links.remove(user(1), 'numbers')).toBe(1);
    expect((await everything(links)).map((link) => [link.userId, link.provider])).toEqual([
      [user(1), 'vault'],
      [user(2), 'numbers'],
    ]);
  });

  it('sees an import through the same process at once', async () => {
    const links = await world.open();
    expect(await links.of([user(1)])).toEqual(new Map());
    expect(await links.usersOf('numbers', ['147'])).toEqual(new Map());
    await importing(links, [ada]);
    expect((await links.of([user(1)])).size).toBe(1);
    expect((await links.usersOf('numbers', ['147'])).size).toBe(1);
  });

  it('lists all links of many pages in order, and those of one user or provider', async () => {
    const links = await world.open();
    const many = Array.from({ length: 1_200 }, (_, n) => [
      { userId: user(n), provider: 'numbers', externalId: `${n + 1}` },
      { userId: user(n), provider: 'vault', externalId: `v${n}`, secret: `s${n}` },
    ]).flat();
    await importing(links, many.toReversed());
    expect((await everything(links)).map((link) => [link.userId, link.provider])).toEqual(
      many.map((link) => [link.userId, link.provider]),
    );
    const vault = await listed(links, { provider: 'vault' });
    expect(vault.map((row) => links.open(row))).toEqual(Array.from({ length: 1_200 }, (_, n) => `s${n}`));
    const seventh = await listed(links, { userId: user(7), provider: 'numbers' });
    expect(seventh).toMatchObject([{ userId: user(7), provider: 'numbers', externalId: '8' }]);
  });

  it('refuses a ciphertext that was moved to another row', async () => {
    const links = await world.open();
    await importing(links, [adaVault, graceVault]);
    await world.sql(
      `UPDATE links SET sealed = (SELECT sealed FROM links WHERE user_id = '${user(1)}') WHERE user_id = '${user(2)}'`,
    );
    const found = await links.of([user(1), user(2)]);
    expect(found.get(user(1))?.[0]?.secret).toBe('in-ada');
    expect(() => found.get(user(2))?.[0]?.secret).toThrow(
      `The vault link of user ${user(2)} cannot be used: it was altered, or belongs to another row.`,
    );
    expect(world.log).toMatchObject([
      {
        level: 'error',
        fields: { err: { provider: 'vault' } },
        message: expect.stringMatching(/a link is not used: .* import it anew/),
      },
    ]);
    expect(await importing(links, [adaVault, graceVault])).toMatchObject({ unchanged: 1, changed: 1 });
    expect((await links.of([user(2)])).get(user(2))?.[0]?.secret).toBe('in-grace');
  });

  it('refuses a secret whose account was exchanged under it', async () => {
    const links = await world.open();
    await importing(links, [adaVault]);
    await world.sql(`UPDATE links SET external_id = 'someone-else'`);
    const [link] = (await links.of([user(1)])).get(user(1)) ?? [];
    expect(() => link?.secret).toThrow('it was altered');
  });

  it('believes no row that was written past it', async () => {
    const links = await world.open();
    const word = { provider: 'words', secret: null };
    await importing(links, [
      ada,
      grace,
      adaVault,
      { ...word, userId: user(1), externalId: 'ada' },
      { ...word, userId: user(2), externalId: 'grace', secret: 'w-1' },
    ]);
    const swap = (from: string, to: string) =>
      world.sql(
        `UPDATE links SET external_id = '${to}' WHERE provider = 'numbers' AND external_id = '${from}'`,
      );
    await swap('147', '9');
    await swap('148', '147');
    await swap('9', '148');
    await world.sql(`UPDATE links SET key_id = NULL, sealed = NULL WHERE external_id = 'grace'`);
    await world.sql(
      `INSERT INTO links (user_id, provider, external_id) VALUES ('${user(3)}', 'numbers', '3')`,
    );

    const found = await links.of([user(1), user(2), user(3)]);
    const told = [...found.values()].flat().map((link) => [link.userId, link.provider, link.isGenuine]);
    expect(told).toEqual([
      [user(1), 'numbers', false],
      [user(1), 'vault', true],
      [user(1), 'words', true],
      [user(2), 'numbers', false],
      [user(2), 'words', false],
      [user(3), 'numbers', false],
    ]);
    const [inserted] = found.get(user(3)) ?? [];
    expect(() => inserted?.externalId).toThrow(
      `numbers link of user ${user(3)} cannot be used: it is not sealed`,
    );
    expect(await links.usersOf('numbers', ['147', '148', '3'])).toEqual(new Map());
    expect(JSON.stringify(world.log)).not.toMatch(/w-1|in-ada/);

    const problems: string[] = [];
    const onProblem: WalkOptions['onProblem'] = ({ row, why }) =>
      void problems.push(`${row.userId} ${row.provider} ${why}`);
    expect(await links.verify({ onProblem })).toBe(6);
    expect(problems).toEqual([
      `${user(1)} numbers it was altered, or belongs to another row`,
      `${user(2)} numbers it was altered, or belongs to another row`,
      `${user(2)} words it is not sealed`,
      `${user(3)} numbers it is not sealed`,
    ]);
    await importing(links, [{ ...ada, externalId: '1' }, { ...grace, externalId: '148' }, ada]);
    expect(await links.usersOf('numbers', ['147', '148'])).toEqual(
      new Map([
        ['147', user(1)],
        ['148', user(2)],
      ]),
    );
  });

  it('goes on with a rotation past a row that was altered, and tells it', async () => {
    const old = await world.open({ keys: [keyA] });
    const lines = Array.from({ length: 50 }, (_, n) => ({ ...ada, userId: user(n), externalId: `${n + 1}` }));
    await importing(old, lines);
    await world.sql(`UPDATE links SET external_id = '1000' WHERE external_id = '7'`);
    const links = await world.open({ keys: [keyB, keyA] });
    const problems: string[] = [];
    const onProblem: WalkOptions['onProblem'] = ({ row }) => void problems.push(row.externalId);
    expect(await links.rotateKey({ onProblem })).toBe(49);
    expect(problems).toEqual(['1000']);
  });

  it('uses rows of an earlier version when they are vouched for, and then only as they were', async () => {
    const rows = [
      { ...ada, secret: null },
      adaVault,
      { ...graceVault, externalId: '65F0C0FFEE65F0C0FFEE65F0' },
      { userId: user(2), provider: 'words', externalId: 'grace', secret: null },
    ];
    await earlierVersion(world, rows);
    await expect(world.open()).rejects.toThrow(/written by an earlier version.*npm run links -- seal/);
    expect(await listed(await world.open({ demand: 'nothing' }))).toHaveLength(4);

    expect(await (await world.open({ demand: 'keys' })).seal()).toBe(3);
    const links = await world.open();
    const canonical = rows.map((row) => ({ ...row, externalId: row.externalId.toLowerCase() }));
    expect(await everything(links)).toEqual(canonical);
    expect(await links.usersOf('numbers', ['147'])).toEqual(new Map([['147', user(1)]]));
    expect(await links.seal()).toBe(0);
    expect(await importing(links, canonical)).toMatchObject({ unchanged: 4 });
    await world.sql(`UPDATE links SET external_id = '148' WHERE external_id = '147'`);
    expect(await links.usersOf('numbers', ['148'])).toEqual(new Map());
  });

  it('asks which of two people has an account that was stored in two spellings', async () => {
    const id = '65f0c0ffee65f0c0ffee65f0';
    await earlierVersion(world, [
      { ...adaVault, externalId: id.toUpperCase() },
      { ...graceVault, externalId: id },
    ]);
    const admin = await world.open({ demand: 'keys' });
    const problems: string[] = [];
    const onProblem: WalkOptions['onProblem'] = ({ row, why }) => void problems.push(`${row.userId} ${why}`);
    expect(await admin.seal({ onProblem })).toBe(0);
    expect(problems).toEqual([
      `${user(1)} user ${user(2)} has the same account, in another spelling: remove one`,
    ]);
    await expect(world.open()).rejects.toThrow('earlier version');

    await admin.remove(user(2));
    expect(await admin.seal()).toBe(1);
    const links = await world.open();
    expect(await links.usersOf('vault', [id])).toEqual(new Map([[id, user(1)]]));
    expect(await links.link({ ...graceVault, externalId: id.toUpperCase() })).toBe('taken');
  });

  it('knows a UUID without hyphens again, whoever stored or sends it so', async () => {
    const [plain, uuid] = ['8F1C2B9E5D0A4C7E9F3B2A6D1E4C8B70', '8f1c2b9e-5d0a-4c7e-9f3b-2a6d1e4c8b70'];
    await earlierVersion(world, [{ ...adaVault, externalId: plain }]);
    expect(await (await world.open({ demand: 'keys' })).seal()).toBe(1);
    const links = await world.open();
    expect((await listed(links)).map((row) => row.externalId)).toEqual([uuid]);
    expect(await links.verify()).toBe(1);
  });

  it('goes on without a word on an empty database of an earlier version', async () => {
    await earlierVersion(world, []);
    const links = await world.open();
    expect(await importing(links, [ada, adaVault])).toMatchObject({ added: 2 });
  });

  it('remembers whose secret was refused, until there is another', async () => {
    const links = await world.open();
    await importing(links, [adaVault, graceVault]);
    const refused = async () => {
      const rows: string[] = [];
      for await (const { row, since } of links.rejected()) {
        expect(since).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
        rows.push(row.userId);
      }
      return rows;
    };
    const [old] = (await links.of([user(1)])).get(user(1)) ?? [];
    const [other] = (await links.of([user(2)])).get(user(2)) ?? [];
    if (!old || !other) throw new Error('not linked');
    await links.secretRejected(other);
    await links.secretRejected(old);
    expect(await refused()).toEqual([user(1), user(2)]);

    await links.link({ ...adaVault, secret: 'in-new' });
    await importing(links, [{ ...graceVault, secret: 'in-newer' }]);
    expect(await refused()).toEqual([]);
    await links.secretRejected(old); // the refusal of the old one comes late
    expect(await refused()).toEqual([]);
  });

  it('does not open without the key of a stored secret', async () => {
    await importing(await world.open({ keys: [keyA] }), [ada, adaVault]);
    const [row] = await world.sql('SELECT key_id FROM links WHERE key_id IS NOT NULL');
    for (const keys of [[], [keyB]]) {
      await expect(world.open({ keys })).rejects.toThrow(
        new RegExp(`LINKS_ENCRYPTION_KEY does not hold \\(ids ${String(row?.['key_id'])}\\)`),
      );
    }
    await world.open({ keys: [keyB, keyA] });
    const withoutKeys = await world.open({ keys: [], demand: 'nothing' });
    expect(await withoutKeys.removeAll(user(1))).toBe(2);
  });

  it('stores no secret without a key', async () => {
    const links = await world.open({ keys: [] });
    const { added, rejections } = await importing(links, [ada, adaVault]);
    expect(added).toBe(1);
    expect(rejections).toEqual([[2, 'a secret cannot be stored without LINKS_ENCRYPTION_KEY']]);
    await expect(links.rotateKey()).rejects.toThrow('There is no key to rotate to');
  });

  it('goes on with a rotation that was interrupted', async () => {
    const old = await world.open({ keys: [keyA] });
    const lines = Array.from({ length: 2_500 }, (_, n) => ({
      ...adaVault,
      userId: user(n),
      externalId: `v${n}`,
      secret: `s${n}`,
    }));
    await importing(old, [ada, ...lines].toSpliced(2, 1));
    const before = await everything(old);

    const links = await world.open({ keys: [keyB, keyA] });
    const interrupted = links.rotateKey({
      onProgress() {
        throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await everything(links)).toEqual(before);
    await expect(world.open({ keys: [keyB] })).rejects.toThrow('LINKS_ENCRYPTION_KEY does not hold');

    expect(await links.rotateKey()).toBe(2_500 - 1_000);
    expect(await links.rotateKey()).toBe(0);
    expect(await everything(await world.open({ keys: [keyB] }))).toEqual(before);
  });

  it('does not undo an import that comes between the steps of a rotation', async () => {
    await importing(await world.open({ keys: [keyA] }), [adaVault, graceVault]);
    const importer = await world.open({ keys: [keyB, keyA] });
    const store = world.openStore();
    let imports = 0;
    const interrupted: LinkStore = {
      ...store,
      async page(...about) {
        const rows = await store.page(...about);
        if ((imports += 1) === 1) await importing(importer, [{ ...adaVault, secret: 'in-newer' }]);
        return rows;
      },
    };
    await rotateKey(interrupted, createCipher([keyB, keyA]));
    const secrets = (await everything(await world.open({ keys: [keyB] }))).map((link) => link.secret);
    expect(secrets).toEqual(['in-newer', 'in-grace']);
  });

  it('opens ten times at once on a store without a schema', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => world.open()));
    await importing(opened[0]!, [ada]);
    const found = await Promise.all(opened.map(async (links) => links.of([user(1)])));
    expect(found.map((map) => map.size)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it('sees what another process changes: in a file at once, on a server five seconds later, or one if there was nothing', async () => {
    let time = 1_000;
    const links = await world.open({ now: () => time });
    const other = await world.open();
    await importing(other, [ada]);
    const isRemote = world.url.startsWith('postgres');
    const sees = async () => [
      (await links.of([user(1)])).size + (await links.of([user(2)])).size,
      (await links.usersOf('numbers', ['147', '148'])).size,
    ];
    expect(await sees()).toEqual([1, 1]);

    await other.removeAll(user(1));
    expect(await sees()).toEqual(isRemote ? [1, 1] : [0, 0]);
    await importing(other, [grace]);
    if (!isRemote) return expect(await sees()).toEqual([1, 1]);
    time += 999;
    expect(await sees()).toEqual([1, 1]);
    time += 2;
    expect(await sees()).toEqual([2, 2]); // Grace is there; Ada is still remembered
    time += 4_000;
    expect(await sees()).toEqual([1, 1]);
  });

  it('finds five hundred users, each asked for twice', async () => {
    const links = await world.open();
    const lines = Array.from({ length: 500 }, (_, n) => ({
      ...ada,
      userId: user(n),
      externalId: `${n + 1}`,
    }));
    await importing(links, lines);
    const found = await links.of(lines.flatMap((line) => [line.userId, line.userId]));
    expect(found.size).toBe(500);
  });

  it('does not run on a schema of a newer version', async () => {
    await world.open();
    await world.sql(
      world.url.startsWith('sqlite:') ? 'PRAGMA user_version = 99' : 'UPDATE links_schema SET version = 99',
    );
    await expect(world.open()).rejects.toThrow('newer version of this product');
  });
});
