import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { createSecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { DirectReads } from './direct-reads.ts';
import { type Connect, type Proxy, throughProxy } from './proxy.ts';

/** How the way to a provider is found. */
export interface Way {
  /** Milliseconds that one call may take. */
  timeoutMs: number;
  /** Null or absent when the provider is reached directly. */
  proxy?: Proxy | null;
  /** Finds the addresses of a name; the system's by default. */
  lookup?: LookupFunction | undefined;
}

/**
 * How the connections to one provider are made. Half of a call's time: it leaves time for a second attempt.
 */
export function connectBy({ timeoutMs, proxy = null, lookup = lookUp }: Way): Connect {
  const timeout = timeoutMs / 2;
  /** The provider and the proxy, each with what is known of it alone: a session of one would vouch for the other. */
  const ways = new Map<string, Connect>();
  const connect: Connect = (to, made) => {
    const where = `${to.protocol}//${to.host}`;
    const way = ways.get(where) ?? wayTo(to.protocol, timeout, lookup);
    ways.set(where, way);
    way(to, (...result) => {
      // What was known is in doubt: a session that is offered again may be what the server stumbles over.
      if (result[0]) ways.delete(where);
      made(...result);
    });
  };
  return proxy ? throughProxy(proxy, connect, timeout) : connect;
}

/** How connections to one host and port are made. */
function wayTo(protocol: string, timeout: number, lookup: LookupFunction): Connect {
  let lastFamily: number | undefined;
  /** undici would hold the last TLS session by a weak reference, which the next garbage collection would end. */
  let session: Buffer | undefined;
  const hold = (latest: Buffer) => void (session = latest);
  const options: buildConnector.BuildOptions = {
    allowH2: false,
    maxCachedSessions: 0,
    timeout,
    // Node would make one for each connection: a fifth of what a resumed handshake costs here.
    ...(protocol === 'https:' && { secureContext: createSecureContext() }),
    /**
     * A name may have addresses of both families, one of which leads nowhere. Node tries one after the other, and for
     * good gives up each but the last after 250 ms: too little for a provider that is farther away, and lost with
     * every connection to one that is near. So each has more time, and the family that has led somewhere is first.
     */
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.ceil(timeout * 0.4),
    lookup: (host, options, found) =>
      lookup(host, options, (error, addresses, family) => {
        if (!Array.isArray(addresses)) return found(error, addresses, family);
        const isLast = ({ family: of }: { family: number }) => Number(of === lastFamily);
        found(
          error,
          addresses.toSorted((a, b) => isLast(b) - isLast(a)),
        );
      }),
  };
  return (to, made) => {
    const reads = new DirectReads();
    buildConnector({ ...options, onread: reads.onread, session })(to, (...[error, socket]) => {
      if (error) return made(error, null);
      lastFamily = socket.remoteFamily === 'IPv6' ? 6 : 4;
      socket.on('session', hold);
      reads.begin(socket);
      made(null, socket);
    });
  };
}
