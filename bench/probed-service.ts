import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLinks } from '../src/links/links.ts';
import { linkable } from '../src/providers/registry.ts';
import { openLog } from '../src/telemetry/log.ts';
import { ada, type Simulators } from '../test/simulators/index.ts';

/** What is asked, as Ada or as an operator. */
export interface Asked {
  query: string;
  variables?: object;
  asOperator?: boolean;
}

const MIB = 1024 * 1024;
const ROUTER_SECRET = 'the-secret-of-bench-made-for-it';

/** The service in a process of its own, with a probe in it, before simulators and with the links of their people (Linux). */
export async function startProbedService(simulators: Simulators) {
  const directory = mkdtempSync(join(tmpdir(), 'probed-'));
  const LINKS_URL = `sqlite:${join(directory, 'links.db')}`;
  const LINKS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
  const keys = [Buffer.alloc(32, 7)];
  const links = await openLinks({ url: LINKS_URL, keys, linkable, log: openLog({ level: 'silent' }) });
  await links.import([...simulators.people.links()].map((link) => `${JSON.stringify(link)}\n`));
  await links.close();

  const service = spawn(
    process.execPath,
    [
      '--disallow-code-generation-from-strings',
      '--import',
      new URL('probe.ts', import.meta.url).href,
      new URL('../src/main.js', import.meta.url).pathname,
    ],
    {
      env: {
        ...simulators.settings(),
        PORT: '0',
        LINKS_URL,
        LINKS_ENCRYPTION_KEY,
        ROUTER_SECRET,
        OPERATOR_SCOPE: 'users:read',
        OPERATION_TIMEOUT_MS: '60000',
        // As the manifest has it.
        NODE_OPTIONS: '--max-old-space-size=384',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const { stdout } = service;
  if (!stdout) throw new Error('The service does not speak.');
  const [line] = (await once(stdout, 'data')) as [Buffer];
  stdout.resume();
  const { url } = JSON.parse(String(line).split('\n')[0] ?? '') as { url: string };
  const pid = service.pid ?? 0;

  async function ask({ query, variables, asOperator }: Asked): Promise<{ status: number; bytes: number }> {
    const headers = {
      'content-type': 'application/json',
      'router-authorization': ROUTER_SECRET,
      ...(asOperator ? { 'x-user-scopes': 'users:read' } : { authorization: `Bearer ${ada.token}` }),
    };
    const sent = request(`${url}/graphql`, { method: 'POST', headers });
    sent.end(JSON.stringify({ query, variables }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    return { status: answer.statusCode ?? 0, bytes };
  }

  async function probed(figure: 'longestTurnMs' | 'heapBytes'): Promise<number> {
    service.send(figure);
    const [value] = (await once(service, 'message')) as [number];
    return value;
  }

  return {
    url,
    pid,
    ask,
    /** The longest piece of work since the last time that it was asked for, in ms of processor time. */
    longestTurnMs: () => probed('longestTurnMs'),
    /** What of the heap is in use when all garbage has been collected. */
    heapMiB: async () => (await probed('heapBytes')) / MIB,
    /** Processor time of all its threads, in ms. A tick is 10 ms. */
    cpuMs() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    /** Resident memory, as it is or at its highest. */
    residentMiB(name: 'VmRSS' | 'VmHWM' = 'VmRSS') {
      const [, kB] = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(kB) / 1024;
    },
    stop() {
      service.kill('SIGKILL');
      rmSync(directory, { recursive: true });
    },
  };
}
