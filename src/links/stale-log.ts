import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * Whether the log of writes beside a database belongs to another file: one that lay here before this was put back. SQLite
 * would apply it, and undo the restoring or damage the file. The log is suspected when the file was changed, or came
 * here, after the log was last written; it is acquitted when it holds nothing that the file does not.
 */
export function hasStaleLog(path: string): boolean {
  const log = logOf(path);
  if (log === null) return false;
  if (statSync(path, { bigint: true }).ctimeNs <= statSync(`${path}-wal`, { bigint: true }).mtimeNs)
    return false;
  const file = openSync(path, 'r');
  try {
    const pages = committedPages(log);
    const { size } = fstatSync(file);
    return [...pages].some(([number, page]) => {
      const stored = Buffer.alloc(page.length);
      const at = (number - 1) * page.length;
      return at >= size || readSync(file, stored, 0, page.length, at) < page.length || !stored.equals(page);
    });
  } finally {
    closeSync(file);
  }
}

function logOf(path: string): Buffer | null {
  try {
    const log = readFileSync(`${path}-wal`);
    return log.length > HEADER_BYTES ? log : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The last state of each page in the transactions of a log that were committed, by page number. */
function committedPages(log: Buffer): Map<number, Buffer> {
  const size = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  const committed = new Map<number, Buffer>();
  const transaction = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES + size <= log.length; at += FRAME_HEADER_BYTES + size) {
    // What is left of an earlier round of the same log has other salts.
    if (!log.subarray(at + 8, at + 16).equals(salts)) break;
    transaction.set(
      log.readUInt32BE(at),
      log.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + size),
    );
    const isCommit = log.readUInt32BE(at + 4) > 0;
    if (!isCommit) continue;
    for (const [number, page] of transaction) committed.set(number, page);
    transaction.clear();
  }
  return committed;
}
