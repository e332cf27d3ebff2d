/**
 * What a million links cost: `node bench/links.ts [sqlite] [postgres] [ROWS]`.
 *
 * The import is the command of the links program, in a process of its own whose peak memory is told. The rows
 * are those of users with random ids in random order, each linked everywhere, which is the worst order for an
 * index. PostgreSQL runs with its defaults, so that each batch is written to the disk. Look-ups are of random
 * users and ask the store each time; the last line is of one that is remembered. Processor times are of the
 * measured process, and say what a busy machine hides.
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runLinksCommand } from '../src/links/command.ts';
import { openLinks } from '../src/links/links.ts';
import { linkable } from '../src/providers/registry.ts';
import { embedded, installedServers, startPostgres } from '../test/links/postgres-server.ts';

const PROVIDERS = 3;

async function writeRows(path: string, users: readonly string[]): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600 }); // as an import of secrets insists on
  for (const [n, userId] of users.entries()) {
    const lines = [
      { userId, provider: 'ejento', externalId: `${n + 1}` },
      {
        userId,
        provider: 'insighto',
        externalId: randomUUID(),
        secret: `in-${randomBytes(16).toString('hex')}`,
      },
      {
        userId,
        provider: 'atoms',
        externalId: randomBytes(12).toString('hex'),
        secret: `sk_${randomBytes(16).toString('hex')}`,
      },
    ];
    if (!file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly out: string;
}

/** Runs `links import` in a process of its own. */
async function importFile(url: string, key: Buffer, path: string): Promise<Measured> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'import', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { LINKS_URL: url, LINKS_ENCRYPTION_KEY: key.toString('base64') },
  });
  return JSON.parse(await text(child.stdout)) as Measured;
}

async function importHere(path: string): Promise<void> {
  const { LINKS_URL: url = '', LINKS_ENCRYPTION_KEY: key = '' } = process.env;
  const stdout = new PassThrough();
  const start = performance.now();
  const exit = await runLinksCommand(['import', path], {
    settings: () => ({ url, keys: [Buffer.from(key, 'base64')] }),
    linkable,
    standings: () => {
      throw new Error('An import asks nobody who there is.');
    },
    stdin: process.stdin,
    stdout,
    stderr: process.stderr,
  });
  if (exit !== 0) throw new Error(`The import ended with exit code ${exit}.`);
  const seconds = (performance.now() - start) / 1_000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const peakMiB = maxRSS / 1_024;
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  console.log(
    JSON.stringify({ seconds, cpuSeconds, peakMiB, out: String(stdout.read()).trim() } satisfies Measured),
  );
}

async function lookUps(url: string, key: Buffer, users: readonly string[]): Promise<void> {
  let clock = 1; // leaping, so that nothing is remembered from one round to the next
  const log = { info() {}, error: console.error };
  const links = await openLinks({ url, keys: [key], linkable, log, now: () => clock });
  const randomUsers = (count: number) =>
    Array.from({ length: count }, () => users[randomInt(users.length)] ?? '');
  const times = async (rounds: number, pick: () => readonly string[], leap = 60_000) => {
    const measured: number[] = [];
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      const ids = pick();
      clock += leap;
      const start = performance.now();
      await links.of(ids);
      measured.push(performance.now() - start);
    }
    const { user, system } = process.cpuUsage(before);
    measured.sort((a, b) => a - b);
    const at = (share: number) => `${((measured[Math.floor(share * rounds)] ?? 0) * 1_000).toFixed(1)} µs`;
    return `median ${at(0.5)}, p99 ${at(0.99)}, processor time ${((user + system) / rounds).toFixed(1)} µs each`;
  };
  await times(200, () => randomUsers(100));
  for (const count of [1, 100, 500]) {
    console.log(`  look-up of ${count}: ${await times(count === 1 ? 3_000 : 500, () => randomUsers(count))}`);
  }
  const known = randomUsers(1);
  console.log(`  look-up of 1 remembered: ${await times(20_000, () => known, 0)}`);
  await links.close();
}

async function measure(name: string, url: string, users: readonly string[], path: string): Promise<void> {
  const key = randomBytes(32);
  console.log(`${name}, ${users.length * PROVIDERS} rows`);
  for (const what of ['import', 'the same again']) {
    const { seconds, cpuSeconds, peakMiB, out } = await importFile(url, key, path);
    const rate = Math.round((users.length * PROVIDERS) / seconds);
    console.log(
      `  ${what}: ${seconds.toFixed(1)} s (its processor time ${cpuSeconds.toFixed(1)} s), ${rate} rows a second, peak ${Math.round(peakMiB)} MiB: ${out}`,
    );
  }
  await lookUps(url, key, users);
}

const words = process.argv.slice(2);
if (words[0] === 'import') {
  await importHere(words[1] ?? '');
} else {
  const rows = Number(words.find((word) => /^\d+$/.test(word)) ?? 1_000_000);
  const wanted = (store: string) => words.includes(store) || words.every((word) => /^\d+$/.test(word));
  const folder = await mkdtemp(join(tmpdir(), 'links-bench-'));
  try {
    const path = join(folder, 'links.ndjson');
    const users = Array.from({ length: Math.ceil(rows / PROVIDERS) }, () => randomUUID());
    await writeRows(path, users);
    if (wanted('sqlite')) {
      await measure('SQLite', `sqlite:${join(folder, 'links.db')}`, users, path);
      console.log(`  file: ${Math.round((await stat(join(folder, 'links.db'))).size / 2 ** 20)} MiB`);
    }
    if (wanted('postgres')) {
      const server = await startPostgres([embedded, ...installedServers()], []);
      await measure('PostgreSQL', await server.createDatabase(), users, path);
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
