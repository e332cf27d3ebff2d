import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type LinksAdmin,
  LinksSetupError,
  type LinksSettings,
  LinksUnavailableError,
  openLinks,
} from '../../src/links/links.ts';
import { backUp, restore } from '../../src/links/sqlite-backup.ts';
import { keyA, linkable, ndjson, user } from './fixtures.ts';
import { type LogLine, logTo } from './stores.ts';

const ada = { userId: user(1), provider: 'numbers', externalId: '147' };
const grace = { userId: user(2), provider: 'numbers', externalId: '148' };

describe('links in a SQLite file', () => {
  let folder: string;
  let path: string;
  let time: number;
  const log: LogLine[] = [];
  const opened: LinksAdmin[] = [];
  const children: ChildProcess[] = [];

  async function open(settings: Partial<LinksSettings> = {}): Promise<LinksAdmin> {
    const now = () => time;
    const links = await openLinks({
      url: `sqlite:${path}`,
      keys: [keyA],
      linkable,
      log: logTo(log),
      now,
      ...settings,
    });
    opened.push(links);
    return links;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'links-'));
    path = join(folder, 'my links?#%41.db');
    time = 1_000_000;
    log.length = 0;
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(opened.splice(0).map((links) => links.close()));
    await rm(folder, { recursive: true });
  });

  it('can be read by the owner of the file only', async () => {
    await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('take the rights of others away, which a copy by hand may have', async () => {
    await (await open()).close();
    await chmod(path, 0o644);
    await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['moved', 'copied over it'])(
    'refuse a file that was %s beside the log of another, as long as that log would undo it',
    async (how) => {
      const links = await open();
      await links.import([ndjson(ada)]);
      await backUp(`sqlite:${path}`, join(folder, 'backup.db'));
      await links.import([ndjson(grace)]);
      // As a crash leaves them: the file, and a log with what is not in it yet.
      await copyFile(path, join(folder, 'crashed.db'));
      await copyFile(`${path}-wal`, join(folder, 'crashed.db-wal'));
      const crashed = join(folder, 'crashed.db');
      const restarted = await open({ url: `sqlite:${crashed}` });
      expect((await restarted.of([user(1), user(2)])).size).toBe(2);
      await restarted.close();

      await copyFile(path, crashed);
      await copyFile(`${path}-wal`, `${crashed}-wal`);
      const earlier = Date.now() / 1_000 - 10;
      await utimes(`${crashed}-wal`, earlier, earlier);
      if (how === 'moved') await rename(join(folder, 'backup.db'), crashed);
      else await copyFile(join(folder, 'backup.db'), crashed);
      await expect(open({ url: `sqlite:${crashed}` })).rejects.toThrow(
        /crashed\.db was put here beside the log of writes of another file, .*-wal, which would undo it/,
      );
      await rm(`${crashed}-wal`);
      expect([...(await (await open({ url: `sqlite:${crashed}` })).of([user(1), user(2)])).keys()]).toEqual([
        user(1),
      ]);
    },
  );

  it.each([
    ['nowhere/links.db', 'its folder does not exist, and is not made (ENOENT)'],
    ['~/links.db', '~ is not put in place of a folder here, and its folder does not exist'],
    ['a-file/links.db', 'what should be its folder is a file (ENOTDIR)'],
    ['', 'it is a folder; name a file in it (EISDIR)'],
  ])('say what is wrong with a path: %s', async (name, why) => {
    await writeFile(join(folder, 'a-file'), '');
    const url = `sqlite:${name.startsWith('~') ? name : join(folder, name)}`;
    await expect(open({ url })).rejects.toThrow(`The file of LINKS_URL cannot be used for the links: ${why}`);
    const links = await open();
    await links.close();
    const backup = join(folder, 'backup-of-it.db');
    await backUp(`sqlite:${path}`, backup);
    await expect(restore(url, backup)).rejects.toThrow(why);
  });

  it('are backed up and restored while they are in use', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    const backup = join(folder, 'backup.db');
    await backUp(`sqlite:${path}`, backup);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    await expect(backUp(`sqlite:${path}`, backup)).rejects.toThrow(
      'cannot be made: there is a file already (EEXIST)',
    );
    await links.removeAll(user(1));
    await links.import([ndjson(grace)]);
    await restore(`sqlite:${path}`, backup);
    time += 100;
    expect([...(await links.of([user(1), user(2)])).keys()]).toEqual([user(1)]);
    expect(await links.verify()).toBe(1);

    await writeFile(join(folder, 'letter'), 'This is a letter, not a database. '.repeat(100));
    await expect(restore(`sqlite:${path}`, join(folder, 'letter'))).rejects.toThrow('no whole file of links');
    await expect(restore('postgres://db/links', backup)).rejects.toThrow('pg_dump');
    expect((await links.of([user(1)])).size).toBe(1);
    // A backup is one file, before and after: whoever carries it away has it all.
    expect((await readdir(folder)).filter((name) => name.startsWith('backup.db'))).toEqual(['backup.db']);
  });

  it('survive closing and opening', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await links.close();
    expect((await (await open()).of([user(1)])).size).toBe(1);
    await (await open({ url: 'sqlite::memory:' })).import([ndjson(ada)]);
    expect(await (await open({ url: 'sqlite::memory:' })).of([user(1)])).toEqual(new Map());
  });

  it('do not open where the folder is missing, or the file is something else', async () => {
    await expect(open({ url: `sqlite:${join(folder, 'missing/links.db')}` })).rejects.toThrow(
      'The file of LINKS_URL cannot be used for the links: its folder does not exist, and is not made (ENOENT).',
    );
    await expect(open({ url: `sqlite:${folder}` })).rejects.toThrow('(EISDIR)');
    await writeFile(path, 'This is a letter, not a database. '.repeat(100));
    await expect(open()).rejects.toThrow(
      new LinksSetupError(
        'The file of LINKS_URL cannot be used for the links (SQLITE_26 file is not a database).',
      ),
    );
  });

  it.each(['links.db', 'sqlite:', 'mysql://x', 'postgres:', ''])(
    'do not open with the URL %j',
    async (url) => {
      await expect(open({ url })).rejects.toThrow(
        'LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…',
      );
    },
  );

  it.each(['sqlite://links.db', 'sqlite:///data/links.db'])(
    'make no file in the root folder of %s',
    async (url) => {
      await expect(open({ url })).rejects.toThrow('such as sqlite:links.db or sqlite:/data/links.db');
    },
  );

  it('fail while the file is gone, say so once, and are back with it', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await links.of([user(3)]);
    await rename(path, `${path}.away`);
    time += 100; // look-ups look at the file ten times a second

    await expect(async () => links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    await expect(async () => links.of([user(2)])).rejects.toThrow(LinksUnavailableError);
    await expect(links.removeAll(user(1))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(log.map(({ level, fields }) => [level, fields])).toEqual([['error', { code: 'ENOENT' }]]);

    await rename(`${path}.away`, path);
    time += 500;
    expect((await links.of([user(1)])).size).toBe(1);
    expect(log.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('answer from the file that has taken the place of theirs', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await links.of([user(3)]);
    const restored = await open({ url: `sqlite:${path}.restored` });
    await restored.import([ndjson(grace)]);
    await restored.close();

    await rm(`${path}-wal`);
    await rename(`${path}.restored`, path);
    time += 100;
    expect([...(await links.of([user(1), user(2)])).keys()]).toEqual([user(2)]);
  });

  it('write to no file that is gone, however lately it was there', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await links.of([user(1)]);
    await rename(path, `${path}.away`);
    await expect(links.removeAll(user(1))).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(`${path}.away`, path);
    expect(await links.removeAll(user(1))).toBe(1);
  });

  it('wait for the write of another process, and are read meanwhile', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const removing = links.removeAll(user(1));
    expect((await links.of([user(1)])).size).toBe(1);
    other.exec('COMMIT');
    other.close();
    expect(await removing).toBe(1);
    expect(log.map(({ message }) => message)).toEqual(['links removed']);
  });

  it('give up on a file that stays locked for two seconds', async () => {
    const links = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(links.removeAll(user(1))).rejects.toMatchObject({ code: 'SQLITE_5 database is locked' });
    other.close();
    expect(await links.removeAll(user(1))).toBe(0);
  });

  it('go on being read when a write fails', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    const other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER kept BEFORE DELETE ON links BEGIN SELECT RAISE(ABORT, 'kept'); END`);
    other.close();
    await expect(links.removeAll(user(1))).rejects.toThrow(LinksUnavailableError);
    expect((await links.of([user(1)])).size).toBe(1);
    expect(log).toEqual([]);
  });

  it('overwrite what is removed, in the file and in the log of writes, while they are open', async () => {
    const links = await open();
    await links.import([ndjson({ ...ada, provider: 'words', externalId: 'find-me-if-you-can' })]);
    const holding = async () => {
      const files = (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1'));
      return (await Promise.all(files)).filter((bytes) => bytes.includes('find-me')).length;
    };
    expect(await holding()).toBeGreaterThan(0);
    await links.removeAll(user(1));
    expect(await holding()).toBe(0);
  });

  it('keep no copy of an import that was only tried', async () => {
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const links = await open();
    const before = readdirSync(folder);
    const copies = () => readdirSync(folder).filter((name) => !before.includes(name));
    const during: number[] = [];
    const options = { dryRun: true, onProgress: () => void during.push(copies().length) };
    await links.import([ndjson(ada)], options);
    expect([during, copies()]).toEqual([[0], []]);

    async function* cutOff() {
      yield ndjson(ada);
      throw new Error('cut off');
    }
    await expect(links.import(cutOff(), options)).rejects.toThrow('cut off');
    expect(copies()).toEqual([]);
  });

  /** Another process that imports, then waits to be ended; its exit code is its own. */
  function importingProcess(first: number, lines: number, mode: 'end' | 'hang'): ChildProcess {
    const script = fileURLToPath(new URL('importing-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, `sqlite:${path}`, `${first}`, `${lines}`, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  it('take ten processes that start and import at once', async () => {
    const processes = Array.from({ length: 10 }, (_, n) => importingProcess(100 * n, 100, 'end'));
    const exits = await Promise.all(processes.map((child) => once(child, 'exit')));
    expect(exits).toEqual(processes.map(() => [0, null]));
    const links = await open();
    expect((await links.of(Array.from({ length: 1_000 }, (_, n) => user(n)))).size).toBe(1_000);
  });

  it('take an import after one whose process was killed', async () => {
    const child = importingProcess(0, 2_000, 'hang');
    await once(child.stdout!, 'data'); // it has imported a batch
    child.kill('SIGKILL');
    const links = await open();
    expect(await links.import([ndjson({ ...ada, userId: user(5_000) })])).toMatchObject({ rejected: 1 });
    expect((await links.of(Array.from({ length: 2_000 }, (_, n) => user(n)))).size).toBe(2_000);
  });

  it('let an import wait for the write of another process, however long, and tell so once', async () => {
    const links = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let waited = 0;
    const report = await links.import([ndjson(ada)], {
      onWaiting() {
        waited += 1;
        setTimeout(() => other.close(), 200);
      },
    });
    expect([report.added, waited]).toEqual([1, 1]);
  });
});
