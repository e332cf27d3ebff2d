import type { Cipher } from './cipher.ts';
import { LinkSecretError, type Linkable } from './link.ts';
import { decodeLinkLine, LineRejected, type LinkLine } from './link-line.ts';
import { readLines, type ByteSource, type NumberedLine } from './ndjson.ts';
import type { ImportClaim, LinkName, LinkRow, LinkStore } from './store.ts';

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
const BATCH = 1_000;

/** Applies NDJSON lines in batches, each as a whole. A line that is refused changes nothing and stops nothing. */
export async function importLinks(
  source: ByteSource,
  tools: {
    readonly store: LinkStore;
    readonly claim: ImportClaim;
    readonly cipher: Cipher;
    readonly linkable: Linkable;
  },
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, changed: 0, unchanged: 0, rejected: 0 };
  for await (const lines of readLines(source, BATCH)) {
    const batch = lines.map((line) => ({ number: line.number, read: decoded(line, tools.linkable) }));
    const links = batch.map(({ read }) => read).filter((read) => typeof read !== 'string');
    const known = await KnownLinks.around(links, tools.store);
    for (const { number, read } of batch) {
      const outcome = typeof read === 'string' ? { rejected: read } : known.apply(read, tools);
      if (typeof outcome === 'string') report[outcome] += 1;
      else {
        report.rejected += 1;
        await options.onRejected?.(number, outcome.rejected);
      }
    }
    if (!options.dryRun && known.altered.size > 0) await tools.claim.replace([...known.altered.values()]);
    options.onProgress?.(report);
  }
  return report;
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

/** What is stored about the users and accounts of one batch, kept up to date while its lines are applied in order. */
class KnownLinks {
  /** Rows to write at the end of the batch, by name. */
  readonly altered = new Map<string, LinkRow>();
  readonly #rows = new Map<string, LinkRow>();
  readonly #owners = new Map<string, string>();

  static async around(lines: readonly LinkLine[], store: LinkStore): Promise<KnownLinks> {
    const known = new KnownLinks();
    if (lines.length === 0) return known;
    for (const row of await store.of([...new Set(lines.map((line) => line.userId))])) {
      known.#rows.set(nameOf(row), row);
    }
    for (const [provider, some] of Map.groupBy(lines, (line) => line.provider)) {
      for (const owner of await store.usersOf(provider, [...new Set(some.map((line) => line.externalId))])) {
        known.#owners.set(accountOf(owner), owner.userId);
      }
    }
    return known;
  }

  apply(
    line: LinkLine,
    { cipher, linkable }: { readonly cipher: Cipher; readonly linkable: Linkable },
  ): 'added' | 'changed' | 'unchanged' | { readonly rejected: string } {
    const { userId, provider, externalId } = line;
    const row = this.#rows.get(nameOf(line));
    const owner = this.#owners.get(accountOf(line));
    if (owner !== undefined && owner !== userId) {
      return {
        rejected: `${provider} account ${externalId} is linked to user ${owner} and cannot also be linked to user ${userId}`,
      };
    }
    const sameAccount = row?.externalId === externalId;
    if (line.secret === undefined) {
      if (sameAccount) return 'unchanged';
      if (row?.sealed) return { rejected: `the account changes, so its secret (or null) must be given` };
      if (linkable[provider]?.secret === 'required')
        return { rejected: `a link to ${provider} needs the person's secret` };
    }
    if (line.secret != null && cipher.keyId === null) {
      return { rejected: 'a secret cannot be stored without LINKS_ENCRYPTION_KEY' };
    }
    if (sameAccount && line.secret === openedSecret(row, cipher)) return 'unchanged';

    if (row) this.#owners.delete(accountOf(row));
    const sealed = line.secret == null ? null : cipher.seal(line.secret, line);
    const next: LinkRow = { userId, provider, externalId, sealed };
    this.#rows.set(nameOf(next), next);
    this.#owners.set(accountOf(next), userId);
    this.altered.set(nameOf(next), next);
    return row ? 'changed' : 'added';
  }
}

/** A damaged secret equals none, so that importing the right one repairs it. */
function openedSecret(row: LinkRow, cipher: Cipher): string | null | undefined {
  try {
    return row.sealed && cipher.open(row.sealed, row);
  } catch (error) {
    if (error instanceof LinkSecretError) return undefined;
    throw error;
  }
}

function nameOf({ userId, provider }: LinkName): string {
  return `${userId} ${provider}`;
}

function accountOf({
  provider,
  externalId,
}: {
  readonly provider: string;
  readonly externalId: string;
}): string {
  return `${provider} ${externalId}`;
}
