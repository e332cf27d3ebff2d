import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where PgBouncer is installed, or null: it is no package of npm. */
export const pgbouncerProgram: string | null =
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, 'pgbouncer'))
    .find((path) => existsSync(path)) ?? null;

export interface PgBouncer {
  /** The URL of a database of the server, through the pooler. */
  urlOf(database: string): string;
  close(): Promise<void>;
}

/** Starts PgBouncer, as its manual says and with nothing set for this product, in front of a server's socket file. */
export async function startPgBouncer(
  server: string,
  mode: 'session' | 'transaction',
  poolSize = 20,
): Promise<PgBouncer> {
  if (!pgbouncerProgram) throw new Error('PgBouncer is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'links-pgb-'));
  await writeFile(join(folder, 'users.txt'), '"postgres" ""\n');
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${server} user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
pool_mode = ${mode}
default_pool_size = ${poolSize}
`,
  );
  // It refuses to run as root.
  const user =
    process.getuid?.() === 0
      ? {
          uid: Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })),
          gid: Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' })),
        }
      : undefined;
  if (user)
    for (const name of ['', 'users.txt', 'pgbouncer.ini']) chownSync(join(folder, name), user.uid, user.gid);
  const child = spawn(pgbouncerProgram, [join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...user });
  const ended = once(child, 'exit');
  const socket = join(folder, '.s.PGSQL.6432');
  while (!(await answers(socket))) {
    if (child.exitCode !== null)
      throw new Error(`PgBouncer ended with ${child.exitCode} before it was ready.`);
    await sleep(20);
  }
  return {
    urlOf: (database) => `postgres://postgres@localhost:6432/${database}?host=${encodeURIComponent(folder)}`,
    async close() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
