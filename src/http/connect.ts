import { buildConnector } from 'undici';

/** Makes sockets: TCP, and TLS where the address is https. */
export type Connect = buildConnector.connector;

/**
 * How the connections to one provider are made. One for all of them, so that they resume each other's TLS sessions.
 * Half of a call's time: it leaves time for a second attempt.
 */
export function connectWithin(timeoutMs: number): Connect {
  return buildConnector({ allowH2: false, timeout: timeoutMs / 2 });
}
