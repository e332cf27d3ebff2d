import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
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
 * How the connections to one provider are made. One for all of them, so that they resume each other's TLS sessions.
 * Half of a call's time: it leaves time for a second attempt.
 */
export function connectBy({ timeoutMs, proxy = null, lookup = lookUp }: Way): Connect {
  const timeout = timeoutMs / 2;
  let lastFamily: number | undefined;
  const connectTo = buildConnector({
    allowH2: false,
    timeout,
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
  });
  const connect: Connect = (to, made) =>
    connectTo(to, (...[error, socket]) => {
      if (error) return made(error, null);
      lastFamily = socket.remoteFamily === 'IPv6' ? 6 : 4;
      made(null, socket);
    });
  return proxy ? throughProxy(proxy, connect, timeout) : connect;
}
