import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Authority, trust } from '../support/authority.ts';
import { failureOf, get, json, open, operation } from './rig.ts';

/** Each is run where it is installed; how it is told its port and a user, and which hosts it forbids. */
const proxies = [
  {
    command: '/usr/bin/tinyproxy',
    settings: (port: number) =>
      `Port ${port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth ada right\nFilter "filter"\nFilterURLs Off\n`,
    args: ['-d', '-c', 'settings'],
  },
  {
    command: '/usr/sbin/squid',
    settings: (port: number) =>
      [
        `http_port 127.0.0.1:${port}`,
        'pid_filename none',
        'cache_log /dev/null',
        'access_log none',
        'cache deny all',
        'acl forbidden dstdomain forbidden.test',
        'http_access deny forbidden',
        'http_access allow localhost',
      ].join('\n'),
    args: ['-N', '-f', 'settings'],
  },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

/** Runs it until the end of the test. */
async function start({ command, settings, args }: (typeof proxies)[number]): Promise<string> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'));
  writeFileSync(join(directory, 'settings'), `${settings(port)}\n`);
  writeFileSync(join(directory, 'filter'), '^forbidden\\.test$\n');
  const child = spawn(command, args, { stdio: 'ignore', cwd: directory });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(directory, { recursive: true });
  });
  await expect.poll(() => listens(port), { timeout: 15_000 }).toBe(true);
  return `127.0.0.1:${port}`;
}

const authority = new Authority();
trust(authority);

describe.each(proxies)('$command', (proxy) => {
  it.skipIf(!existsSync(proxy.command))('leads to a provider over TLS, and says why when not', async () => {
    const server = createTlsServer(authority.issue(), (_request, response) => json(response, 'the provider'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const host = await start(proxy);
    const lines: object[] = [];
    const note = (fields: object) => void lines.push(fields);
    const ask = (url: string, credentials: string) => {
      const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      const settings = { proxy: { origin: `http://${host}`, host, authorization } };
      const upstream = open(url, settings, { log: { info: note, warn: note }, random: () => 0 });
      return upstream.send(get('/me'), operation().scope);
    };
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await ask(url, 'ada:right')).toBe('the provider');
    expect(await failureOf(ask('https://forbidden.test', 'ada:right'))).toMatchObject({ retryable: false });
    expect(lines).toMatchObject([{ fault: 'proxy-refused', proxyStatus: 403 }]);
    await failureOf(ask('https://127.0.0.1:1', 'ada:right'));
    expect(lines.slice(1)).toMatchObject([{ fault: 'proxy-without-way' }, { fault: 'proxy-without-way' }]);
    if (!proxy.command.includes('tinyproxy')) return;
    expect(await failureOf(ask(url, 'ada:wrong'))).toMatchObject({ retryable: false });
    expect(lines.at(-1)).toMatchObject({ fault: 'proxy-credentials-rejected' });
  });
});
