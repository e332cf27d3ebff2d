import { setTimeout as sleep } from 'node:timers/promises';
import type { Cipher } from './cipher.ts';
import { KnownLinks } from './known-links.ts';
import type { Linkable } from './link.ts';
import { decodeLinkLine, LineRejected, type LinkLine } from './link-line.ts';
import { readLines, type ByteSource, type NumberedLine } from './ndjson.ts';
import { openRehearsal } from './rehearsal.ts';
import type { ImportClaim, ImportTarget } from './store.ts';

/** How many lines had which outcome. */
export interface ImportReport {
  added: number;
  changed: number;
  unchanged: number;
  rejected: number;
}

export interface ImportOptions {
  /** Report what would happen, and write nothing. */
  readonly dryRun?: boolean;
  readonly onRejected?: (line: number, reason: string) => void | Promise<void>;
  /** Called after each batch with the report so far. */
  readonly onProgress?: (report: Readonly<ImportReport>) => void;
  /** Called once if another import has to end first. */
  readonly onWaiting?: () => void;
}

/** Lines in one transaction: large enough to be fast, small enough that a removal never waits long for it. */
const BATCH = 2_000;

interface ImportTools {
  readonly store: ImportTarget;
  readonly cipher: Cipher;
  readonly linkable: Linkable;
}

/**
 * Applies NDJSON lines in batches, each as a whole, once no other import is under way. A line that is refused
 * changes nothing and stops nothing. What was applied is found unchanged, so an interrupted import is started again.
 */
export async function importLinks(
  source: ByteSource,
  tools: ImportTools,
  options: ImportOptions,
): Promise<ImportReport> {
  const store = options.dryRun ? await openRehearsal(tools.store) : tools.store;
  const claim = await claimOf(store, options.onWaiting);
  const report: ImportReport = { added: 0, changed: 0, unchanged: 0, rejected: 0 };
  try {
    for await (const lines of readLines(source, BATCH)) {
      const batch = lines.map((line) => ({ number: line.number, read: decoded(line, tools.linkable) }));
      const links = batch.map(({ read }) => read).filter((read) => typeof read !== 'string');
      const known = await KnownLinks.around(links, { ...tools, store });
      for (const { number, read } of batch) {
        const outcome = typeof read === 'string' ? { rejected: read } : known.apply(read);
        if (typeof outcome === 'string') {
          report[outcome] += 1;
        } else {
          report.rejected += 1;
          await options.onRejected?.(number, outcome.rejected);
        }
      }
      if (known.altered.size > 0) await claim.replace([...known.altered.values()], known.replaced);
      options.onProgress?.({ ...report });
    }
    return report;
  } finally {
    await claim.release();
  }
}

async function claimOf(store: ImportTarget, onWaiting?: () => void): Promise<ImportClaim> {
  for (let waited = false; ; waited = true) {
    const claim = await store.claimImport();
    if (claim) return claim;
    if (!waited) onWaiting?.();
    await sleep(50);
  }
}

/** The line's content, or the reason why it has none. */
function decoded(line: NumberedLine, linkable: Linkable): LinkLine | string {
  if (line.text === null) return line.problem;
  try {
    return decodeLinkLine(line.text, linkable);
  } catch (error) {
    if (error instanceof LineRejected) return error.message;
    throw error;
  }
}
