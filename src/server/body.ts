import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MIMEType, promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { withoutMark } from '../http/byte-order-mark.ts';
import { whenAllIsRead } from '../http/turns.ts';
import { NotAnswered, Refusal } from './answers.ts';

/** The most that a request body may hold, in bytes, both as sent and decompressed. */
const maxBodyBytes = 256 * 1024;

const decoders = { gzip: promisify(gunzip), br: promisify(brotliDecompress) };
type Encoding = keyof typeof decoders;

/**
 * Reads a JSON request body.
 *
 * @throws Refusal 400 for what is not JSON in UTF-8, 413 past `maxBodyBytes`, 415 for another type or encoding
 * @throws NotAnswered when the client left before it had sent everything
 */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  if (!isJson(req.headers['content-type']))
    throw new Refusal(
      415,
      'BAD_REQUEST',
      'Send JSON in UTF-8, with the header content-type: application/json.',
    );
  const encoding = encodingOf(req.headers['content-encoding']);
  const sent = await readBytes(req);
  const bytes = encoding ? await decode(sent, encoding) : sent;
  // Another character would be read in place of what is none, and a mutation would store it.
  if (!isUtf8(bytes)) throw new Refusal(400, 'BAD_REQUEST', 'The request body is not valid UTF-8.');
  try {
    return JSON.parse(withoutMark(bytes.toString()));
  } catch {
    throw new Refusal(400, 'BAD_REQUEST', 'The request body is not valid JSON.');
  }
}

/** A type that no form can send: what another site's page sends without asking is refused. */
function isJson(contentType = ''): boolean {
  if (contentType === 'application/json') return true;
  try {
    const { essence, params } = new MIMEType(contentType);
    return essence === 'application/json' && /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}

/** `x-gzip` is gzip (RFC 9110, section 8.4.1.3); `identity` changes nothing, as often as it is named. */
function encodingOf(contentEncoding: string | undefined): Encoding | undefined {
  if (contentEncoding === undefined) return undefined;
  const [encoding, ...others] = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (encoding === undefined) return undefined;
  if (others.length === 0 && (encoding === 'gzip' || encoding === 'x-gzip')) return 'gzip';
  if (others.length === 0 && encoding === 'br') return 'br';
  throw new Refusal(415, 'BAD_REQUEST', 'A request body may be compressed with gzip or br, and only once.', {
    'accept-encoding': 'gzip, br',
  });
}

/** Stops as soon as there is more than the limit: a bomb costs no more than a body of that size. */
async function decode(sent: Buffer, encoding: Encoding): Promise<Buffer> {
  try {
    return await decoders[encoding](sent, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new Refusal(400, 'BAD_REQUEST', `The request body is not valid ${encoding}.`);
  }
}

function readBytes(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length']) > maxBodyBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) return void chunks.push(chunk);
      // Node throws away what still comes, for as long as a request may take. The client reads its answer.
      req.off('data', take);
      reject(tooLarge());
    };
    const left = () => {
      if (!req.readableEnded) reject(new NotAnswered());
    };
    req.on('data', take);
    req.on('end', () => {
      const [only] = chunks;
      whenAllIsRead(() => resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, size)));
    });
    req.on('error', left);
    req.on('close', left);
  });
}

function tooLarge(): Refusal {
  const limit = `${maxBodyBytes / 1024} KiB`;
  return new Refusal(
    413,
    'BAD_REQUEST',
    `The request body is larger than ${limit}. Send less in one request.`,
  );
}
