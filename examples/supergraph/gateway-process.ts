import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StartGateway } from './gateway.ts';

/** How a gateway that is a program of its own is called. */
export interface GatewayCommand {
  command: string;
  args: string[];
  /** Beside `ROUTER_SECRET`, and what this process has. */
  env?: Record<string, string>;
}

const patienceMs = 60_000;

/** Makes a `StartGateway` of a program: it is started with the supergraph in a file, and stopped with SIGTERM. */
export function gatewayProcess(
  callOf: (at: { supergraphFile: string; port: number }) => GatewayCommand | Promise<GatewayCommand>,
): StartGateway {
  return async ({ supergraphSdl, routerSecret, port }) => {
    const directory = await mkdtemp(join(tmpdir(), 'supergraph-'));
    const supergraphFile = join(directory, 'supergraph.graphql');
    await writeFile(supergraphFile, supergraphSdl);
    const at = { supergraphFile, port: port === 0 ? await freePort() : port };
    const { command, args, env } = await callOf(at);

    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ROUTER_SECRET: routerSecret, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-10_000)));
    const exited = once(child, 'exit').catch((error: Error) => (output += error.message));
    const url = `http://127.0.0.1:${at.port}`;
    const stop = async () => {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(hard);
      await rm(directory, { recursive: true });
    };

    const outcome = await Promise.race([answers(url), exited.then(() => false)]);
    if (outcome) return { url, stop };
    await stop();
    throw new Error(`${command} did not start to answer:\n${output}`);
  };
}

/** Waits until a gateway answers; false when it takes too long. */
async function answers(url: string): Promise<boolean> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    }).catch(() => null);
    if (response?.ok) return true;
    await delay(100);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
