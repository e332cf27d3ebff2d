import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { People, startSimulators } from './simulators/index.ts';
import { Authority } from './support/authority.ts';

/** The program with a link store in memory, its output where the test wants it. */
function start(env: Record<string, string>, stdout: number | 'ignore' = 'ignore') {
  const child = spawn(process.execPath, ['src/main.js'], {
    env: { BIRD_BASE_URL: 'http://localhost', LINKS_URL: 'sqlite::memory:', PORT: '0', ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A server that takes connections and says nothing. */
async function silent() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

it.skipIf(!existsSync('/dev/full'))(
  'serves on while its log cannot be written, and ends when it is told to',
  { timeout: 30_000 },
  async () => {
    const { server, port } = await silent();
    server.close();
    const child = start({ PORT: String(port) }, openSync('/dev/full', 'w'));
    const ask = async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename }"}',
      });
      return answer.json();
    };
    await expect.poll(ask, { timeout: 20_000, interval: 20 }).toEqual({ data: { __typename: 'Query' } });
    // Many more lines than are held back.
    for (let time = 0; time < 300; time++) await ask();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
);

it('says at its start what is on, for whom, and what is hardly meant', { timeout: 30_000 }, async () => {
  const child = spawn(process.execPath, ['src/main.js'], {
    env: {
      BIRD_BASE_URL: 'http://localhost',
      ATOMS_BASE_URL: 'http://localhost',
      EXPLORER: 'altair',
      LINKS_URL: 'sqlite::memory:',
      EJENTO_TIMOUT_MS: '1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    if (lines.at(-1)?.['msg'] === 'serving') break;
  }
  expect(lines).toMatchObject([
    { level: 'warn', msg: expect.stringContaining('EJENTO_TIMEOUT_MS') },
    {
      level: 'info',
      msg: 'serving',
      production: false,
      providersOn: ['bird', 'atoms'],
      providersOff: ['ejento', 'insighto'],
      secretsEncrypted: false,
      explorer: 'altair',
      explorerFor: 'whoever reaches 127.0.0.1',
      operatorScope: null,
    },
  ]);
});

it('ends at once when it is told to while it starts', { timeout: 30_000 }, async () => {
  const { server, port } = await silent();
  const child = start({ LINKS_URL: `postgres://somebody:a-password@127.0.0.1:${port}/links` });
  await once(server, 'connection');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it.each([
  ['knows the authority that NODE_EXTRA_CA_CERTS names', true],
  ['says at the start and at each call that it does not know the authority of a provider', false],
])('%s', { timeout: 30_000 }, async (_name, isKnown) => {
  const authority = new Authority();
  const simulators = await startSimulators(new People(), authority.issue());
  onTestFinished(() => simulators.close());
  const directory = mkdtempSync(join(tmpdir(), 'authority-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'authority.pem');
  writeFileSync(file, authority.certificate);

  const { server, port } = await silent();
  server.close();
  const log = join(directory, 'log');
  const trusted: Record<string, string> = isKnown ? { NODE_EXTRA_CA_CERTS: file } : {};
  start({ ...simulators.settings(), ...trusted, PORT: String(port) }, openSync(log, 'w'));
  const atTheStart = () =>
    readFileSync(log, 'utf8').match(/certificate-of-unknown-authority.*could not be reached at the start/g)
      ?.length;
  if (!isKnown) await expect.poll(atTheStart, { timeout: 20_000, interval: 20 }).toBe(4);
  expect(simulators.bird.requests).toEqual([]);
  const ask = async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer demo-ada' };
    const body = '{"query":"{ me { name } }"}';
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
    return (await answer.json()) as { data: unknown };
  };
  await expect
    .poll(async () => (await ask()).data, { timeout: 20_000, interval: 20 })
    .toEqual({ me: isKnown ? { name: 'Ada Lovelace' } : null });
  const said = () => /certificate-of-unknown-authority.*gave no answer/.test(readFileSync(log, 'utf8'));
  await expect.poll(said, { timeout: 5_000, interval: 20 }).toBe(!isKnown);
});

it.each([[[]], [['--disallow-code-generation-from-strings']]])(
  'makes no program of a text, and does all that it does without: started with %j',
  { timeout: 30_000 },
  async (flags) => {
    const { server, port } = await silent();
    server.close();
    // Runs within the service, and says what becomes of the attempt.
    const attempt = `data:text/javascript,${encodeURIComponent(`
      import { writeSync } from 'node:fs';
      setInterval(() => {
        for (const make of [() => new Function('1'), () => (0, eval)('1'), () => Object(async () => {}).constructor('1')])
          try { make(); writeSync(2, 'made '); } catch (error) { writeSync(2, error.name + ' '); }
      }, 20).unref();
    `)}`;
    const child = spawn(process.execPath, [...flags, '--import', attempt, 'src/main.js'], {
      env: {
        BIRD_BASE_URL: 'http://localhost',
        LINKS_URL: 'sqlite::memory:',
        EXPLORER: 'altair',
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said += String(text)));
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (log += String(text)));
    const get = async (path: string, init?: RequestInit) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      return `${response.status} ${await response.text()}`;
    };
    const ask = (query: string) =>
      get('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
    await expect.poll(() => ask('{ __typename }').catch(() => ''), { timeout: 20_000 }).toMatch('200');
    for (let time = 0; time < 4; time++) {
      expect(await ask('{ me { name } }')).toMatch('UNAUTHENTICATED');
      expect(await ask('{ __schema { queryType { name } } }')).toMatch('"Query"');
      expect(await ask('mutation { updateMe(input: {}) { __typename } }')).toMatch('errors');
    }
    expect(await get('/metrics')).toMatch('user_subgraph_operation');
    expect(await get('/')).toMatch(/^200 [^]*altair/i);
    await expect.poll(() => log).toMatch('"type":"mutation"');
    said = '';
    await expect.poll(() => said).toMatch(/^(EvalError ){3}/);
    expect(said).not.toMatch('made');
  },
);

/** The length of the first message of TLS that a provider gets, in bytes. */
async function firstMessage(env: Record<string, string>): Promise<number> {
  const { server, port } = await silent();
  const length = new Promise<number>((told) => {
    server.once('connection', (socket) => {
      socket.on('error', () => {}).once('data', (bytes) => told(5 + bytes.readUInt16BE(3)));
    });
  });
  const child = start({ BIRD_BASE_URL: `https://127.0.0.1:${port}`, ...env });
  const got = await length;
  child.kill('SIGKILL');
  return got;
}

it(
  'the first message of TLS is short with the settings of OpenSSL in docs/operations.md',
  { timeout: 30_000 },
  async () => {
    const [, settings = ''] =
      /```ini\n(nodejs_conf[^]*?)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'openssl.cnf');
    writeFileSync(file, settings);
    expect(await firstMessage({})).toBeGreaterThan(1_460);
    expect(await firstMessage({ OPENSSL_CONF: file })).toBeLessThan(600);
  },
);
