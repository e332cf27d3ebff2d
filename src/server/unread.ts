import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Refusal, refusalText } from './answers.ts';

const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** What Node's parser says of what it turns away, in our words. Its own repeat what was sent. */
export function refusalOfParser({ code = '' }: NodeJS.ErrnoException): Refusal | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal(408, 'BAD_REQUEST', 'The request did not come in time: send all of it at once.');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Refusal(431, 'BAD_REQUEST', 'The headers are larger than 16 kB. Send less in them.');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Refusal(413, 'BAD_REQUEST', 'The extensions of the chunks are larger than 16 kB. Send none.');
  if (code.startsWith('HPE_')) return new Refusal(400, 'BAD_REQUEST', 'This is not HTTP/1.1.');
  // A connection that has broken: nobody is there.
  return undefined;
}

/**
 * Whether a connection waits for nothing but the rest of a request, so that a refusal is what answers it. Elsewhere it
 * could be taken for the answer of an operation that is carried out. Node keeps what it answers there, and looks there itself.
 */
export function isReading(socket: Duplex): boolean {
  const { _httpMessage: answering } = socket as { _httpMessage?: ServerResponse | null };
  return socket.writable && (!answering || !(answering.headersSent || answering.req.complete));
}

/** A refusal as bytes, for a connection on which there is no request to answer. */
export function unreadRefusal(refusal: Refusal, requestId: string): string {
  const body = refusalText(refusal);
  return [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    `x-request-id: ${requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
