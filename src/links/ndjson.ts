import { isUtf8 } from 'node:buffer';

/** One line of a file. `text` is null where it could not be read, and `problem` says why. */
export type NumberedLine = { readonly number: number } & (
  { readonly text: string } | { readonly text: null; readonly problem: string }
);

/** Bytes as they come: a file stream, standard input, or an array of texts. */
export type ByteSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** No link is that long; a file without line ends must not fill the memory. */
export const MAX_LINE_BYTES = 16_384;

const LINE_FEED = 0x0a;

/** The lines of a source in groups of at most `size`, holding no more than one group and one chunk. Blank lines are skipped. */
export async function* readLines(source: ByteSource, size: number): AsyncGenerator<NumberedLine[]> {
  let group: NumberedLine[] = [];
  let number = 0;
  let start: Buffer = Buffer.alloc(0); // of a line whose end has not come yet
  let startBytes = 0; // its length, the part that was not kept included

  function endLine(rest: Buffer): void {
    number += 1;
    const bytes = startBytes + rest.length;
    const line = start.length === 0 ? rest : Buffer.concat([start, rest]);
    start = Buffer.alloc(0);
    startBytes = 0;
    if (bytes > MAX_LINE_BYTES) {
      group.push({ number, text: null, problem: `longer than ${MAX_LINE_BYTES} bytes` });
    } else if (!isUtf8(line)) {
      group.push({ number, text: null, problem: 'not UTF-8' });
    } else {
      const text = line.toString().replace(/^\uFEFF/, '');
      if (text.trim() !== '') group.push({ number, text });
    }
  }

  for await (const chunk of source) {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      endLine(bytes.subarray(from, end));
      from = end + 1;
      if (group.length === size) {
        yield group;
        group = [];
      }
    }
    startBytes += bytes.length - from;
    if (startBytes <= MAX_LINE_BYTES) start = Buffer.concat([start, bytes.subarray(from)]);
  }
  if (startBytes > 0) endLine(Buffer.alloc(0));
  if (group.length > 0) yield group;
}
