import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { Refusal } from './refusal.ts';

/** The most that a request body may hold, in bytes, as sent and decompressed. */
export const maxBodyBytes = 256 * 1024;

const decoders = { gzip: promisify(gunzip), br: promisify(brotliDecompress) };

/**
 * Reads a JSON request body.
 *
 * @throws Refusal 400 for what is not JSON, 413 past `maxBodyBytes`, 415 for another type or encoding
 */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const decode = decoderFor(req);
  const sent = await readBytes(req);
  const text = (decode ? await decode(sent) : sent).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BAD_REQUEST', 'The request body is not valid JSON.');
  }
}

const jsonType = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?;?$/i;

function decoderFor({ headers }: IncomingMessage): ((sent: Buffer) => Promise<Buffer>) | undefined {
  if (!jsonType.test(headers['content-type'] ?? ''))
    throw new Refusal(
      415,
      'BAD_REQUEST',
      'Send JSON in UTF-8, with the header content-type: application/json.',
    );
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === 'identity' || encoding === '') return undefined;
  if (encoding !== 'gzip' && encoding !== 'br')
    throw new Refusal(
      415,
      'BAD_REQUEST',
      'A request body may be compressed with gzip or br, and only once.',
      {
        'accept-encoding': 'gzip, br',
      },
    );
  return (sent) =>
    decoders[encoding](sent, { maxOutputLength: maxBodyBytes }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge()
        : new Refusal(400, 'BAD_REQUEST', `The request body is not valid ${encoding}.`);
    });
}

function readBytes(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length']) > maxBodyBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) {
        // What still comes is thrown away by Node, within the time that a request may take.
        req.removeAllListeners('data');
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    req.on('error', reject);
    req.on('close', () => reject(new Error('The client left before its request was complete.')));
  });
}

function tooLarge(): Refusal {
  return new Refusal(
    413,
    'BAD_REQUEST',
    `The request body is larger than ${maxBodyBytes / 1024} KiB, decompressed. Send less in one request.`,
  );
}
