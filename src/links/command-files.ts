import { createReadStream, fstatSync, statSync } from 'node:fs';
import { UsageError } from './arguments.ts';

/** Whether a file, if it is one, can be read by more than its owner. */
export function isReadableByOthers(file: string | number): boolean {
  if (process.platform === 'win32') return false;
  const stat = typeof file === 'number' ? fstatSync(file) : statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() && (stat.mode & 0o044) !== 0;
}

/** The bytes of a file. Throws UsageError when it cannot be read. */
export async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
