import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Identity } from './authority.ts';

/** How the proxy of a company behaves. */
export interface ProxyBehaviour {
  /** `user:password` that it wants. */
  credentials?: string;
  /** Speaks TLS itself. */
  identity?: Identity;
}

type Refusal = number | 'close' | 'silence' | 'nonsense';

/**
 * A forward proxy (RFC 9110, 7.7 and 9.3.6) on a free port of loopback: tunnels for CONNECT, and plain HTTP passed on
 * when it is told the whole URL. It remembers what it saw, and strips what is meant for itself.
 */
export async function startProxy({ credentials, identity }: ProxyBehaviour = {}) {
  const server: Server = identity ? createTlsServer(identity) : createServer();
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  let refusal: Refusal | undefined;

  function statusFor({ headers }: IncomingMessage): Refusal {
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    return wanted && headers['proxy-authorization'] !== wanted ? 407 : (refusal ?? 200);
  }

  server.on('connection', (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('connect', (asked: IncomingMessage, socket: Socket) => {
    seen.push(`CONNECT ${asked.url}`);
    const status = statusFor(asked);
    if (status === 'silence') return;
    if (status === 'close') return void socket.destroy();
    if (status === 'nonsense') return void socket.end('220 mail.example ESMTP\r\n');
    if (status !== 200)
      return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n`);
    const { hostname, port } = new URL(`http://${asked.url}`);
    const onward = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const [one, other] of [
      [onward, socket],
      [socket, onward],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  server.on('request', (asked, answer) => {
    seen.push(`${asked.method} ${asked.url}`);
    const status = statusFor(asked);
    if (typeof status === 'string') return void (status === 'close' && asked.socket.destroy());
    if (status !== 200) return void answer.writeHead(status).end();
    const { 'proxy-authorization': _own, ...headers } = asked.headers;
    const onward = request(asked.url ?? '', { method: asked.method, headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.writeHead(502).end());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    host: `127.0.0.1:${port}`,
    origin: `${identity ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** What it was asked, such as `CONNECT 127.0.0.1:8443`. */
    seen,
    /** Answers with this status from now on, closes without an answer, says nothing, or something that is not HTTP. */
    refuses(how: Refusal) {
      refusal = how;
    },
    /** Nobody listens any more. */
    async ends() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
