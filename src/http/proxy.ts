import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

// Imported as an ES module it would have Node load its own `fetch` and `WebSocket`, 10 to 20 ms of a start.
const { request } = process.getBuiltinModule('node:http');

/** Makes sockets: TCP, and TLS where the address is https. */
export type Connect = buildConnector.connector;

/** A proxy through which providers are reached. */
export interface Proxy {
  /** `http://host:port` or `https://host:port`: how the proxy itself is spoken to. */
  origin: string;
  /** `host:port`, for the log. */
  host: string;
  /** The value of `Proxy-Authorization`: a secret. Null when the proxy asks for none. */
  authorization: string | null;
}

/** The way through the proxy has failed: the proxy refused, or it could not be reached itself (then there is a cause). */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** The status that the proxy answered CONNECT with. */
  readonly status: number | undefined;
  readonly code: string;

  constructor({ status, cause }: { status?: number; cause?: unknown }) {
    super('the way through the proxy has failed', { cause });
    this.status = status;
    const { code = 'PROXY_BROKE_OFF' } = (cause ?? {}) as { code?: string };
    this.code = status === undefined ? code : `PROXY_ANSWERED_${status}`;
  }
}

/**
 * Makes connections through a proxy. A provider's TLS goes through a tunnel (CONNECT), in which the proxy sees and can
 * change nothing. A call over plain HTTP is sent to the proxy itself (RFC 9112, 3.2.2): few proxies give a tunnel to
 * another port than that of https.
 */
export function throughProxy(proxy: Proxy, connect: Connect, timeoutMs: number): Connect {
  const { protocol, hostname, port } = new URL(proxy.origin);
  const toProxy = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host: proxy.host, port };
  return (to, made) => {
    connect(toProxy, (...[cause, socket]) => {
      if (cause) return made(new ProxyError({ cause }), null);
      if (to.protocol === 'http:') return made(null, socket);
      // Undici's host has the port, unless it is that of https.
      const target = to.port ? String(to.host) : `${to.host}:443`;
      openTunnel(proxy, socket, target, timeoutMs, (error) => {
        if (error) return made(error, null);
        connect({ ...to, httpSocket: socket }, made);
      });
    });
  };
}

/** Asks for a tunnel over a connection to the proxy, which is of no other use when there is none. */
function openTunnel(
  { authorization }: Proxy,
  socket: Socket,
  target: string,
  timeoutMs: number,
  opened: (error: ProxyError | null) => void,
): void {
  const headers = { host: target, ...(authorization && { 'proxy-authorization': authorization }) };
  const asked = request({ method: 'CONNECT', path: target, headers, createConnection: () => socket });
  let isOver = false;
  const end = (error: ProxyError | null) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(limit);
    if (error) socket.destroy();
    opened(error);
  };
  const limit = setTimeout(() => end(new ProxyError({ cause: { code: 'ETIMEDOUT' } })), timeoutMs);
  asked.on('error', (cause) => end(new ProxyError({ cause })));
  asked.on('connect', ({ statusCode: status = 0 }) =>
    end(status >= 200 && status < 300 ? null : new ProxyError({ status })),
  );
  asked.end();
}
