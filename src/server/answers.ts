import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Body } from './serialise.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A request that is turned away before GraphQL sees it. The message is for the client. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Nobody is there to hear an answer. */
export class NotAnswered extends Error {}

/** Responds to one method, and refuses the others with a 405. */
export function allowing<T>(method: 'GET' | 'POST', req: IncomingMessage, respond: () => T): T {
  if (req.method === method || (method === 'GET' && req.method === 'HEAD')) return respond();
  throw new Refusal(405, 'BAD_REQUEST', `Only ${method} is allowed here.`, { allow: method });
}

/** Looks like a GraphQL error, because whoever asks knows how to read those. */
export function refusalText({ message, code }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

export function sendRefusal(res: ServerResponse, refusal: Refusal, requestId: string): void {
  // Too late to say anything else: whoever reads it sees an answer that is cut off.
  if (res.headersSent) return void res.destroy();
  const headers = { ...refusal.headers, 'x-request-id': requestId };
  send(res, refusal.status, JSON_TYPE, refusalText(refusal), headers);
}

export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  send(res, status, JSON_TYPE, JSON.stringify(value));
}

/** Whatever is answered here is somebody's: no cache may keep it. */
export function send(
  res: ServerResponse,
  status: number,
  contentType: string,
  body: Body,
  headers?: Readonly<Record<string, string>>,
): void {
  const pieces = Array.isArray(body) ? (body as readonly Buffer[]) : [body as string | Buffer];
  res.writeHead(status, {
    'content-type': contentType,
    'content-length': pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  if (pieces.length > 1) res.cork();
  for (const piece of pieces.slice(0, -1)) res.write(piece);
  res.end(pieces.at(-1));
}
