import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeLinkLine } from '../../src/links/link-line.ts';
import { linkable as theProducts } from '../../src/providers/registry.ts';
import { runLinksCommand } from '../../src/links/command.ts';
import { showProgress } from '../../src/links/progress.ts';
import { ada as ofBird, grace as another, startSimulators } from '../simulators/index.ts';
import { keyA, keyB, linkable, ndjson, noStandings, user } from './fixtures.ts';

const ada = { userId: user(1), provider: 'numbers', externalId: '147' };
const adaVault = { userId: user(1), provider: 'vault', externalId: 'a1', secret: 'in-ada' };
const grace = { userId: user(2), provider: 'words', externalId: 'grace', secret: null };

describe('the links command', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'links-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  interface Given {
    readonly url?: string;
    readonly keys?: readonly Buffer[];
    readonly stdin?: string;
  }

  /** Runs `links WORDS` in this process. */
  async function links(words: string, { url, keys = [keyA], stdin = '' }: Given = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = Promise.all([text(stdout), text(stderr)]);
    const exit = await runLinksCommand(words.split(' '), {
      settings: () => ({ url: url ?? `sqlite:${join(folder, 'links.db')}`, keys }),
      linkable,
      standings: noStandings,
      stdin: Readable.from([stdin]),
      stdout,
      stderr,
    });
    stdout.end();
    stderr.end();
    const [out, err] = await output;
    return { exit, out, err };
  }

  const imported = (...lines: readonly object[]) => links('import -', { stdin: ndjson(...lines) });

  it('imports a file, and tells what it did', async () => {
    const file = join(folder, 'new.ndjson');
    await writeFile(file, ndjson(ada, adaVault, grace), { mode: 0o600 });
    const counts = '3 added, 0 changed, 0 unchanged, 0 rejected\n';
    expect(await links(`import ${file} --dry-run`)).toEqual({ exit: 0, out: `dry run: ${counts}`, err: '' });
    expect(await links(`import ${file}`)).toEqual({ exit: 0, out: counts, err: '' });
    expect(await links(`import ${file} --json`)).toEqual({
      exit: 0,
      out: '{"added":0,"changed":0,"unchanged":3,"rejected":0,"dryRun":false}\n',
      err: '',
    });
  });

  it.each(['list', `remove --user ${user(1)}`, 'export', 'rotate-key'])(
    'makes no empty file of one that is gone: %s',
    async (words) => {
      expect(await links(words)).toEqual({
        exit: 2,
        out: '',
        err: 'links: There is no file at LINKS_URL. If it was lost, put it back; the first import makes one.\n',
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('tells each line that it rejects, and exits with 4', async () => {
    const stdin = `${ndjson(ada)}{"secret":"in-ada"\n${ndjson({ ...grace, secret: 'in grace' }, grace)}`;
    const reason = 'secret must be a text of 1 to 4096 printable ASCII characters without spaces';
    expect(await links('import -', { stdin })).toEqual({
      exit: 4,
      out: `line 2 rejected: not JSON\nline 3 rejected: ${reason}\n2 added, 0 changed, 0 unchanged, 2 rejected\n`,
      err: '',
    });
    const { exit, out } = await links('import - --json --dry-run', { stdin });
    expect(exit).toBe(4);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { line: 2, reason: 'not JSON' },
      { line: 3, reason },
      { added: 0, changed: 0, unchanged: 2, rejected: 2, dryRun: true },
    ]);
  });

  it('takes no secret from a file that others can read', async () => {
    const file = join(folder, 'new.ndjson');
    await writeFile(file, ndjson(ada, adaVault), { mode: 0o644 });
    expect(await links(`import ${file}`)).toMatchObject({
      exit: 2,
      err: `links: ${file} holds secrets, and can be read by others. Run chmod 600 on it first.\n`,
    });
    expect((await links('list')).out).toBe('');
    await writeFile(file, ndjson(ada));
    expect(await links(`import ${file}`)).toMatchObject({ exit: 0 });
  });

  it.each([
    ['[\n  {}\n]', "It looks like a JSON array: jq -c '.[]' makes lines of one."],
    [
      JSON.stringify(ada, null, 2),
      'It looks like JSON over several lines: jq -c . makes one line of each object.',
    ],
    [`userId,provider\n${'a,b\n'.repeat(1_000)}`, 'It looks like a table, such as CSV.'],
    ['hunter2', 'Nothing was imported.'],
  ])('says once what a file is that is no NDJSON: %j', async (stdin, mistake) => {
    expect(await links('import -', { stdin })).toEqual({
      exit: 2,
      out: '',
      err: `links: These are no lines of JSON, one object each. ${mistake}\n`,
    });
  });

  it('tells a hundred rejected lines one by one, and of more how many', async () => {
    const stdin = ndjson(ada) + 'nonsense\n'.repeat(250);
    const { exit, out } = await links('import -', { stdin });
    expect([exit, out.match(/rejected: not JSON/g)?.length]).toEqual([4, 100]);
    expect(out).toContain('150 more lines rejected: --json tells all of them\n');
    expect((await links('import - --json', { stdin })).out.match(/not JSON/g)).toHaveLength(250);
  });

  it('takes the lines that its documentation shows', async () => {
    const page = await readFile(new URL('../../docs/operations-links.md', import.meta.url), 'utf8');
    const lines = page.split('\n').filter((line) => line.startsWith('{"userId"'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines)
      expect(decodeLinkLine(line, theProducts)).toMatchObject(JSON.parse(line) as object);
  });

  it('verifies links, and lists those whose key was refused', async () => {
    await imported(ada, adaVault);
    expect(await links('verify')).toMatchObject({ exit: 0, out: '2 links, all as they were written\n' });
    const db = new DatabaseSync(join(folder, 'links.db'));
    db.exec(`UPDATE links SET rejected_at = '2026-01-01T00:00:00.000Z' WHERE provider = 'vault'`);
    db.exec(`UPDATE links SET external_id = '148' WHERE provider = 'numbers'`);
    db.close();
    expect(await links('verify')).toMatchObject({
      exit: 4,
      out:
        `${user(1)}\tnumbers\t148\tit was altered, or belongs to another row\n` +
        '2 links, 1 as they were written\n',
    });
    expect(await links('export')).toMatchObject({
      exit: 4,
      out: ndjson({ ...adaVault, secret: undefined }),
      err: expect.stringMatching(/^not exported: The numbers link of user .* cannot be used/),
    });
    expect(await links('list --rejected')).toMatchObject({
      exit: 0,
      out: `${user(1)}\tvault\ta1\t2026-01-01T00:00:00.000Z\n`,
    });
    expect((await links('verify', { keys: [] })).exit).toBe(2);
  });

  it('lists links without their secrets, even without the key', async () => {
    await imported(ada, adaVault, grace);
    expect(await links('list', { keys: [] })).toEqual({
      exit: 0,
      out: [
        `${user(1)}\tnumbers\t147\twithout secret`,
        `${user(1)}\tvault\ta1\twith secret`,
        `${user(2)}\twords\tgrace\twithout secret\n`,
      ].join('\n'),
      err: '',
    });
    expect((await links(`list --user ${user(1)} --provider vault --json`)).out).toBe(
      `{"userId":"${user(1)}","provider":"vault","externalId":"a1","hasSecret":true}\n`,
    );
    expect(await links(`list --user ${user(3)}`)).toEqual({ exit: 0, out: '', err: '' });
    const inCapitals = user(1).toUpperCase();
    expect((await links(`list --user ${inCapitals}`)).out).toBe((await links(`list --user ${user(1)}`)).out);
  });

  it('tells of each removal as the service does, so that it can be removed again', async () => {
    await imported(ada, adaVault, grace);
    const { err } = await links(`remove --user ${user(1)}`);
    expect(JSON.parse(err)).toMatchObject({
      level: 'info',
      userId: user(1),
      removed: 2,
      msg: 'links removed',
    });
    await imported(ada, adaVault);
    expect(await links('replay -', { stdin: err })).toMatchObject({ exit: 0, out: '2 removed\n' });
    expect((await links('list')).out).not.toContain(user(1));
  });

  it('removes a user, as often as it is asked to and without the key', async () => {
    await imported(ada, adaVault, grace);
    expect(await links(`remove --user ${user(1)} --provider numbers`, { keys: [] })).toMatchObject({
      exit: 0,
      out: '1 removed\n',
    });
    expect(await links(`remove --user ${user(1)} --json`)).toMatchObject({ exit: 0, out: '{"removed":1}\n' });
    expect(await links(`remove --user ${user(1)}`)).toMatchObject({ exit: 0, out: '0 removed\n' });
    expect((await links('list')).out).toContain(user(2));
  });

  it('exports what it imports, with the secrets only when told to', async () => {
    await imported(ada, adaVault, grace);
    const { out: withSecrets } = await links('export --with-secrets');
    expect(withSecrets).toBe(ndjson({ ...ada, secret: null }, adaVault, grace));
    const { out: without } = await links('export');
    expect(without).toBe(ndjson(ada, { ...adaVault, secret: undefined }, { ...grace, secret: undefined }));
    expect(await links('export --provider words')).toMatchObject({
      exit: 0,
      out: ndjson({ ...grace, secret: undefined }),
    });

    for (const stdin of [withSecrets, without]) {
      expect(await links('import -', { stdin })).toMatchObject({
        out: '0 added, 0 changed, 3 unchanged, 0 rejected\n',
      });
    }
    const elsewhere = `sqlite:${join(folder, 'other.db')}`;
    await links('import -', { url: elsewhere, stdin: withSecrets, keys: [keyB] });
    expect((await links('export --with-secrets', { url: elsewhere, keys: [keyB] })).out).toBe(withSecrets);
  });

  it('rotates the key', async () => {
    await imported(ada, adaVault);
    expect(await links('rotate-key', { keys: [keyB, keyA] })).toEqual({
      exit: 0,
      out: '2 sealed with the first key\n',
      err: '',
    });
    expect(await links('rotate-key --json', { keys: [keyB] })).toMatchObject({
      exit: 0,
      out: '{"resealed":0}\n',
    });
    const { exit, err } = await links('export --with-secrets', { keys: [keyA] });
    expect(exit).toBe(2);
    expect(err).toMatch(/^links: Stored links are sealed with keys that LINKS_ENCRYPTION_KEY does not hold/);
  });

  it.each([
    [
      '',
      'the commands are import, list, remove, prune, export, verify, seal, backup, restore, replay, rotate-key',
    ],
    [
      'toString',
      'the commands are import, list, remove, prune, export, verify, seal, backup, restore, replay, rotate-key',
    ],
    ['import', 'import takes one FILE, or -'],
    ['import a b', 'import takes one FILE, or -'],
    ['import /no/such/file', '/no/such/file cannot be read (ENOENT)'],
    ['list extra', 'the options of list are --user VALUE, --provider VALUE, --rejected, --json'],
    ['list --secret sk_live', 'the options of list are --user VALUE, --provider VALUE, --rejected, --json'],
    ['list --user', 'the options of list are --user VALUE, --provider VALUE, --rejected, --json'],
    ['list --user ada', '--user must be a UUID'],
    ['list --provider constructor', '--provider must be one of numbers, words, vault'],
    ['remove', 'remove needs --user'],
    ['export --user x', 'the options of export are --provider VALUE, --with-secrets'],
  ])('does not understand "%s"', async (words, message) => {
    expect(await links(words)).toEqual({
      exit: 2,
      out: '',
      err: `links: ${message}. See: npm run links -- --help\n`,
    });
  });

  it('refuses to import a folder, and settings that are wrong', async () => {
    expect(await links(`import ${folder}`)).toMatchObject({
      exit: 2,
      err: expect.stringContaining(`${folder} cannot be read (EISDIR)`),
    });
    expect(await links('list', { url: 'mysql://' })).toMatchObject({
      exit: 2,
      err: 'links: LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…\n',
    });
  });

  it('exits with 3 when the store does not answer', async () => {
    const url = `postgres://someone:secret@localhost/links?host=${encodeURIComponent(folder)}`;
    for (const words of ['list', 'export', `remove --user ${user(1)}`, 'import -', 'rotate-key']) {
      expect(await links(words, { url })).toEqual({
        exit: 3,
        out: '',
        err: 'links: The account links cannot be read or written at the moment (ENOENT). What was done is done; the same command goes on from there.\n',
      });
    }
  });

  it('copies the links to a file, and back', async () => {
    await imported(ada);
    const file = join(folder, 'backup.db');
    expect(await links(`backup ${file}`)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('as they are now'),
    });
    await links(`remove --user ${user(1)}`);
    expect(await links(`restore ${file}`)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^restored\./),
    });
    expect((await links('list')).out).toContain(user(1));
    expect(await links('restore')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('restore takes one FILE'),
    });
  });

  it('removes again what a log says was removed, unless it was linked anew', async () => {
    const word = { userId: user(1), provider: 'words', externalId: 'ada', secret: null };
    await imported(ada, adaVault, word, grace);
    const linked = 'account linked by its person';
    const stdin =
      'no line of ours\n{"msg":"links removed"}\n' +
      ndjson(
        { userId: user(1), provider: 'words', outcome: 'linked', msg: linked },
        { userId: user(1), removed: 3, msg: 'links removed' },
        { userId: user(1), provider: 'vault', outcome: 'linked', msg: linked },
        { userId: user(1), provider: 'numbers', outcome: 'taken', msg: linked },
        { userId: user(2), provider: 'vault', removed: 1, msg: 'links removed' },
        { userId: user(3), removed: 0, msg: 'links removed' },
      );
    expect(await links('replay -', { stdin })).toMatchObject({ exit: 0, out: '2 removed\n' });
    expect(await links('replay - --json', { stdin })).toMatchObject({ out: '{"removed":0}\n' });
    const { out } = await links('list');
    expect(out.match(/\t(numbers|vault|words)\t/g)).toEqual(['\tvault\t', '\twords\t']);
  });

  it('reads a log in which something else has put its words in front of each line', async () => {
    await imported(ada, adaVault);
    const line = JSON.stringify({ userId: user(1), removed: 2, msg: 'links removed' });
    for (const front of ['service-1  | ', '2026-11-28T20:00:00.1Z stdout F ']) {
      const { out } = await links('replay -', { stdin: `${front}{"msg":"serving"}\n${front}${line}\n` });
      expect(out).toMatch(/^[02] removed\n$/);
      expect((await links('list')).out).toBe('');
    }
  });

  it.each(['hunter2\nhunter2\n', JSON.stringify({ log: '{"msg":"links removed"}' }), 'SQLite format 3\0{}'])(
    'does not say that nothing was to be removed when it cannot read the log: %j',
    async (stdin) => {
      await imported(ada);
      expect(await links('replay -', { stdin })).toEqual({
        exit: 2,
        out: '',
        err: 'links: None of these lines is one of the service’s log, which are JSON with a "msg". Nothing was removed.\n',
      });
    },
  );

  it('waits for a slow reader', async () => {
    await imported(
      ...Array.from({ length: 300 }, (_, n) => ({ ...ada, userId: user(n), externalId: `${n + 1}` })),
    );
    let lines = 0;
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1_000,
      write(_chunk, _encoding, done) {
        lines += 1;
        most = Math.max(most, slow.writableLength);
        setImmediate(done);
      },
    });
    await runLinksCommand(['list'], {
      settings: () => ({ url: `sqlite:${join(folder, 'links.db')}`, keys: [keyA] }),
      linkable,
      standings: noStandings,
      stdin: Readable.from([]),
      stdout: slow,
      stderr: new PassThrough(),
    });
    await new Promise((resolve) => slow.end(resolve));
    expect(lines).toBe(300);
    expect(most).toBeLessThan(1_200);
  });

  it('explains itself', async () => {
    const { exit, out, err } = await links('list --help');
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('Providers: numbers, words, vault.');
    expect((await links('--help')).out).toBe(out);
  });
});

describe('the links program', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'links-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  function start(words: string[], settings: Record<string, string> = {}) {
    const env = {
      PATH: process.env['PATH'],
      LINKS_URL: `sqlite:${join(folder, 'links.db')}`,
      LINKS_ENCRYPTION_KEY: keyA.toString('base64'),
      ...settings,
    };
    const program = fileURLToPath(new URL('../../src/links/cli.ts', import.meta.url));
    return spawn(process.execPath, [program, ...words], { env });
  }

  it('exits with its code, and takes lines from standard input', async () => {
    const importing = start(['import', '-']);
    const output = text(importing.stdout);
    importing.stdin.end(`${ndjson({ userId: user(1), provider: 'ejento', externalId: '147' })}nonsense\n`);
    expect(await once(importing, 'exit')).toEqual([4, null]);
    expect(await output).toBe('line 2 rejected: not JSON\n1 added, 0 changed, 0 unchanged, 1 rejected\n');
  });

  it.each([
    [{ LINKS_URL: 'mysql://hunter2@db' }, 'LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…'],
    [
      { LINKS_ENCRYPTION_KEY: '', LINKS_ENCRYPTION_KEY_FILE: '/hunter2' },
      'LINKS_ENCRYPTION_KEY_FILE names a file that cannot be read (ENOENT)',
    ],
  ])('does nothing with wrong settings: %j', async (settings, problem) => {
    const listing = start(['list'], settings);
    const output = Promise.all([text(listing.stdout), text(listing.stderr)]);
    expect(await once(listing, 'exit')).toEqual([2, null]);
    expect(await output).toEqual([
      '',
      `links: The settings are not right, and nothing was started:\n  - ${problem}. See: npm run links -- --help\n`,
    ]);
  });

  it("asks Bird who is gone, as the service's settings say", async () => {
    const simulators = await startSimulators();
    const run = async (words: string[], lines = '') => {
      const child = start(words, simulators.settings());
      const output = text(child.stdout);
      child.stdin.end(lines);
      const [exit] = (await once(child, 'exit')) as [number];
      return [exit, await output];
    };
    const [adas, graces] = [[...simulators.people.links([ofBird])], [...simulators.people.links([another])]];
    await run(['import', '-'], ndjson(...adas, ...graces));
    simulators.bird.deletes(ofBird);
    const gone = `${ofBird.userId}\tabsent\tatoms\tejento\tinsighto\n`;
    expect(await run(['prune'])).toEqual([0, `${gone}3 removed, of 1 of 2 people\n`]);
    expect(simulators.bird.lines()).toHaveLength(2);
    await simulators.close();
  });

  it('ends when nobody reads its output any more', async () => {
    const importing = start(['import', '-']);
    importing.stdin.end(
      Array.from({ length: 5_000 }, (_, n) =>
        ndjson({ userId: user(n), provider: 'ejento', externalId: `${n + 1}` }),
      ).join(''),
    );
    expect(await once(importing, 'exit')).toEqual([0, null]);
    const listing = start(['list']);
    listing.stdout.once('data', () => listing.stdout.destroy());
    const complaints = text(listing.stderr);
    expect(await once(listing, 'exit')).toEqual([141, null]);
    expect(await complaints).toBe('');
  });
});

describe('progress', () => {
  function shown(isTTY: boolean) {
    let time = 0;
    const to = Object.assign(new PassThrough(), { isTTY });
    const progress = showProgress(to, 'lines', () => time);
    return {
      progress,
      after(milliseconds: number, count: number) {
        time += milliseconds;
        progress.at(count);
        return String(to.read() ?? '');
      },
    };
  }

  it('is one line that changes on a terminal', () => {
    const { after } = shown(true);
    expect(after(50, 10)).toBe('');
    expect(after(50, 1_000)).toBe('\r\x1b[K1000 lines, 10000 a second');
    expect(after(50, 1_500)).toBe('');
    expect(after(50, 1_500)).toBe('\r\x1b[K1500 lines, 7500 a second');
  });

  it('is a line every five seconds in a file', () => {
    const { after } = shown(false);
    expect(after(4_999, 10)).toBe('');
    expect(after(1, 1_000)).toBe('1000 lines, 200 a second\n');
  });
});
