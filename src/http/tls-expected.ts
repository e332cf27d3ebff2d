import { connectionFaultOf } from './connection-faults.ts';
import type { NoAnswer } from './no-answer.ts';
import type { Connect } from './proxy.ts';

/** What is wrong where plain HTTP is spoken to somebody who speaks TLS. */
export const TLS_EXPECTED: NoAnswer = {
  broken: 'misconfigured',
  code: 'TLS_EXPECTED',
  sent: false,
  fault: 'tls-expected',
};

/**
 * Whether what answers at an address of plain HTTP speaks TLS. Asked for at the start, because a request would only
 * meet a connection that is closed without a word.
 */
export function isTlsExpected(connect: Connect, address: Parameters<Connect>[0]): Promise<boolean> {
  const { protocol, port } = address;
  return new Promise((told) => {
    if (protocol === 'https:') return told(false);
    connect({ ...address, protocol: 'https:', port: port || '80' }, (error, socket) => {
      socket?.destroy();
      told(socket !== null || connectionFaultOf(error).startsWith('certificate-'));
    });
  });
}
