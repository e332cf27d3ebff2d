import { setTimeout as sleep } from 'node:timers/promises';
import type { Cipher } from './cipher.ts';
import { KnownLinks, type LineOutcome, scopeOf } from './known-links.ts';
import { type Linkable, LinksSetupError } from './link.ts';
import { decodeLinkLine, LineRejected, type LinkLine } from './link-line.ts';
import { readLines, type ByteSource, type NumberedLine } from './ndjson.ts';
import type { ImportTarget } from './store.ts';

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
  /** Where the lines come from can be read by others: then it may hold no secret. Its name, to be told. */
  readonly readableByOthers?: string | undefined;
  /** Called once if another import is in the way. */
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
 * Applies NDJSON lines in batches, each as a whole, one import's batch at a time. A line that is refused changes nothing
 * and stops nothing. What was applied is found unchanged, so an interrupted import is started again.
 */
export async function importLinks(
  source: ByteSource,
  tools: ImportTools,
  { onRejected, onProgress, onWaiting, readableByOthers }: Omit<ImportOptions, 'dryRun'>,
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, changed: 0, unchanged: 0, rejected: 0 };
  let isFirst = true;
  let waited = false;
  const wait = () => {
    if (!waited) onWaiting?.();
    waited = true;
  };
  await applied([], tools, wait); // whether it can write is told before anything is read
  for await (const lines of readLines(source, BATCH)) {
    const read = lines.map((line) => decoded(line, tools.linkable));
    if (isFirst && isSomethingElse(lines))
      throw new LinksSetupError(`These are no lines of JSON, one object each. ${likelyMistake(lines)}`);
    isFirst = false;
    if (
      readableByOthers !== undefined &&
      read.some((line) => typeof line !== 'string' && typeof line.secret === 'string')
    )
      throw new LinksSetupError(
        `${readableByOthers} holds secrets, and can be read by others. Run chmod 600 on it first.`,
      );
    const outcomes = await applied(read, tools, wait);
    for (const [n, outcome] of outcomes.entries()) {
      if (typeof outcome === 'string') {
        report[outcome] += 1;
      } else {
        report.rejected += 1;
        await onRejected?.(lines[n]?.number ?? 0, outcome.rejected);
      }
    }
    onProgress?.({ ...report });
  }
  return report;
}

/** Applies the lines of one batch as soon as no other import writes. A text is the reason why a line cannot be read. */
async function applied(
  lines: readonly (LinkLine | string)[],
  { store, ...rules }: ImportTools,
  onWaiting: () => void,
): Promise<LineOutcome[]> {
  const scope = scopeOf(lines.filter((line) => typeof line !== 'string'));
  let outcomes: LineOutcome[] = [];
  const isApplied = () =>
    store.importBatch(scope, (stored) => {
      const known = new KnownLinks(stored, rules);
      outcomes = lines.map((line) => (typeof line === 'string' ? { rejected: line } : known.apply(line)));
      return { rows: [...known.altered.values()], replaced: known.replaced };
    });
  while (!(await isApplied())) {
    onWaiting();
    await sleep(50);
  }
  return outcomes;
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

/** How many lines at the beginning are looked at before a file is taken for something else. */
const FEW = 3;

function isSomethingElse(lines: readonly NumberedLine[]): boolean {
  const isArray = lines[0]?.text?.trim().startsWith('[') ?? false;
  return isArray || lines.slice(0, FEW).every((line) => !isObject(line));
}

function isObject({ text }: NumberedLine): boolean {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What a file that is no NDJSON most likely is, by its beginning; nothing of it is repeated. */
function likelyMistake([line]: readonly NumberedLine[]): string {
  const text = line?.text?.trim() ?? null;
  if (text === null) return 'It is no text, or of another encoding than UTF-8: is it compressed?';
  if (text.startsWith('[')) return "It looks like a JSON array: jq -c '.[]' makes lines of one.";
  if (text.startsWith('{'))
    return 'It looks like JSON over several lines: jq -c . makes one line of each object.';
  if (/[,;\t]/.test(text)) return 'It looks like a table, such as CSV.';
  return 'Nothing was imported.';
}
