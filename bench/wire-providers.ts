import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bodies, numberIn, type UpstreamName } from './bodies.ts';
import { type Relay, startRelay } from './relay.ts';

/**
 * The four providers over TLS and far away, as a process of its own. What ends TLS is Node itself, nginx or HAProxy, or nothing;
 * between it and whoever asks is a relay. Arguments: a folder with `identity.pem` (key and chain), and which of them.
 */
export type Front = 'node' | 'plain' | 'nginx' | 'haproxy';

/** From the parent: how it is from now on, or what to do. */
export type ToWire = { roundTripMs: number } | { reload: true } | { report: true };

/** To the parent: where the providers listen; or what has happened since the last report. */
export type FromWire = { ports: Record<UpstreamName, number> } | WireReport;

export interface WireReport {
  connections: number;
  /** Open now, and the most that any provider has seen. */
  open: number;
  /** Writes that came twice. */
  twice: number;
}

/** Milliseconds for which a connection is kept without a request; no answer says so. */
const idleMs = Number(process.argv[4] ?? 2_000);

const [, , directory, front] = process.argv as [string, string, string, Front];
const names = Object.keys(bodies) as UpstreamName[];
/** How often each write has come, by what it writes: everyone writes something else. */
const writes = new Map<string, number>();

function listenerOf(name: UpstreamName): RequestListener {
  return (request, response) => {
    const answer = bodies[name](numberIn(`${request.url} ${JSON.stringify(request.headers)}`));
    response.setHeader('content-type', 'application/json');
    // Of its own accord Node would say how long it keeps the connection; balancers mostly do not.
    response.setHeader('connection', 'keep-alive');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (body !== '') writes.set(body, (writes.get(body) ?? 0) + 1);
      response.end(answer);
    });
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What ends TLS, in front of the four: its ports, and how it takes new settings up without a pause. */
interface Ending {
  ports: Record<UpstreamName, number>;
  reload(): void;
}

const endings: Record<Front, () => Promise<Ending>> = {
  async node() {
    const pem = readFileSync(join(directory, 'identity.pem'));
    const servers = names.map((name) => {
      const server = createServer({ key: pem, cert: pem }, listenerOf(name));
      return Object.assign(server, { keepAliveTimeout: idleMs, keepAliveTimeoutBuffer: 0 });
    });
    const ports = await Promise.all(servers.map(listen));
    return {
      ports: Object.fromEntries(names.map((name, at) => [name, ports[at]])) as Ending['ports'],
      reload: () => servers.forEach((server) => server.closeIdleConnections()),
    };
  },
  /** None: the same servers in the same process, for what TLS costs whoever asks them. */
  async plain() {
    const { behind } = await withPlainServers();
    return { ports: behind, reload: () => {} };
  },
  async nginx() {
    const { behind, ports } = await withPlainServers();
    const blocks = names.map(
      (name) =>
        `upstream ${name} { server 127.0.0.1:${behind[name]}; keepalive 256; }
         server { listen 127.0.0.1:${ports[name]} ssl backlog=4096; location / { proxy_pass http://${name}; } }`,
    );
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (of) => `${of}_temp_path ${directory}/${of};`,
    );
    const file = join(directory, 'nginx.conf');
    writeFileSync(
      file,
      `daemon off; pid ${directory}/nginx.pid; error_log /dev/null; worker_processes 1;
       events { worker_connections 8192; }
       http { access_log off; ${temporary.join(' ')} ssl_session_cache shared:tls:10m;
         ssl_certificate ${directory}/identity.pem; ssl_certificate_key ${directory}/identity.pem;
         keepalive_timeout ${idleMs}ms; keepalive_requests 100000;
         proxy_http_version 1.1; proxy_set_header Connection ""; ${blocks.join('\n')} }`,
    );
    const child = spawn('nginx', ['-c', file], { stdio: 'ignore' });
    process.once('exit', () => child.kill());
    return { ports, reload: () => void child.kill('SIGHUP') };
  },
  async haproxy() {
    const { behind, ports } = await withPlainServers();
    const blocks = names.map(
      (name) => `listen ${name}
  bind 127.0.0.1:${ports[name]} ssl crt ${directory}/identity.pem backlog 4096
  server ${name} 127.0.0.1:${behind[name]}`,
    );
    const file = join(directory, 'haproxy.cfg');
    writeFileSync(
      file,
      `global
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout http-keep-alive ${idleMs}ms
${blocks.join('\n')}
`,
    );
    const child = spawn('haproxy', ['-W', '-f', file], { stdio: 'ignore' });
    process.once('exit', () => child.kill());
    return { ports, reload: () => void child.kill('SIGUSR2') };
  },
};

/** The four over plain HTTP, and the ports on which something else shall listen. */
async function withPlainServers() {
  const behind = {} as Ending['ports'];
  const ports = {} as Ending['ports'];
  for (const name of names) {
    const server = Object.assign(createPlainServer(listenerOf(name)), { keepAliveTimeout: 0 });
    behind[name] = await listen(server);
    ports[name] = await freePort();
  }
  return { behind, ports };
}

async function untilListening(port: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await delay(20);
  }
  throw new Error(`${front} did not start: ${execFileSync(front, ['-v']).toString()}`);
}

const ending = await endings[front]();
const relays: Relay[] = [];
for (const name of names) {
  await untilListening(ending.ports[name]);
  relays.push(await startRelay(ending.ports[name]));
}

let counted = 0;
process.on('message', (message: ToWire) => {
  if ('roundTripMs' in message) return relays.forEach((relay) => (relay.roundTripMs = message.roundTripMs));
  if ('reload' in message) return ending.reload();
  const connections = relays.reduce((sum, relay) => sum + relay.connections, 0);
  const open = Math.max(...relays.map((relay) => relay.open));
  const twice = [...writes.values()].filter((count) => count > 1).length;
  process.send?.({ connections: connections - counted, open, twice } satisfies FromWire);
  counted = connections;
  writes.clear();
});
process.once('disconnect', () => process.exit(0));
const ports = Object.fromEntries(names.map((name, at) => [name, relays[at]?.port]));
process.send?.({ ports });
