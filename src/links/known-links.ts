import type { Cipher } from './cipher.ts';
import { type Linkable, LinkSealError } from './link.ts';
import type { LinkLine } from './link-line.ts';
import { holdsSecret, type LinkRow } from './link-row.ts';
import type { BatchScope } from './store.ts';

/** What a line did, or why it did nothing. */
export type LineOutcome = 'added' | 'changed' | 'unchanged' | { readonly rejected: string };

interface Rules {
  readonly cipher: Cipher;
  readonly linkable: Linkable;
}

/** Whom and what lines are about. */
export function scopeOf(lines: readonly LinkLine[]): BatchScope {
  return {
    userIds: [...new Set(lines.map((line) => line.userId))],
    accounts: new Map(
      [...Map.groupBy(lines, (line) => line.provider)].map(([provider, some]) => [
        provider,
        [...new Set(some.map((line) => line.externalId))],
      ]),
    ),
  };
}

/**
 * What is stored about the users and the accounts of one batch, kept up to date while its lines are applied in
 * order: a line sees what the lines before it did.
 */
export class KnownLinks {
  /** The rows to write at the end of the batch. */
  readonly altered = new Map<string, LinkRow>();
  /** The stored rows that give way to them. */
  readonly replaced: LinkRow[] = [];
  readonly #rows = new Map<string, LinkRow>();
  readonly #owners = new Map<string, string>();
  readonly #rules: Rules;

  constructor(stored: readonly LinkRow[], rules: Rules) {
    this.#rules = rules;
    for (const row of stored) {
      this.#rows.set(nameOf(row), row);
      this.#owners.set(accountOf(row), row.userId);
    }
  }

  apply(line: LinkLine): LineOutcome {
    const { userId, provider, externalId, secret } = line;
    const row = this.#rows.get(nameOf(line));
    const stored = row && this.#secretOf(row);
    const rejected = this.#reasonAgainst(line, row, stored);
    if (rejected !== null) return { rejected };
    if (
      row?.externalId === externalId &&
      stored !== undefined &&
      (secret === undefined || secret === stored)
    ) {
      return 'unchanged';
    }

    if (row) this.#owners.delete(accountOf(row));
    if (row && !this.altered.has(nameOf(row))) this.replaced.push(row);
    const next = { userId, provider, externalId, sealed: this.#rules.cipher.seal(secret ?? null, line) };
    this.#rows.set(nameOf(next), next);
    this.#owners.set(accountOf(next), userId);
    this.altered.set(nameOf(next), next);
    return row ? 'changed' : 'added';
  }

  #reasonAgainst(
    { userId, provider, externalId, secret }: LinkLine,
    row: LinkRow | undefined,
    stored: string | null | undefined,
  ): string | null {
    const owner = this.#owners.get(accountOf({ provider, externalId }));
    if (owner !== undefined && owner !== userId) {
      return `${provider} account ${externalId} is linked to user ${owner}, so it cannot be linked to user ${userId}`;
    }
    if (secret === undefined && (row?.externalId !== externalId || stored === undefined)) {
      if (row && holdsSecret(row.sealed)) {
        return stored === undefined
          ? 'what is stored was altered, so its secret must be given (or null)'
          : 'the account changes, so its secret must be given (or null)';
      }
      if (this.#rules.linkable[provider]?.secret === 'required') {
        return `a link to ${provider} needs the person's secret`;
      }
    }
    if (typeof secret === 'string' && this.#rules.cipher.keyId === null) {
      return 'a secret cannot be stored without LINKS_ENCRYPTION_KEY';
    }
    return null;
  }

  /** Of a row that is not as it was written nothing is known, so that importing it anew repairs it. */
  #secretOf(row: LinkRow): string | null | undefined {
    try {
      return this.#rules.cipher.open(row);
    } catch (error) {
      if (error instanceof LinkSealError) return undefined;
      throw error;
    }
  }
}

function nameOf({ userId, provider }: Pick<LinkRow, 'userId' | 'provider'>): string {
  return `${userId} ${provider}`;
}

function accountOf({ provider, externalId }: Pick<LinkRow, 'provider' | 'externalId'>): string {
  return `${provider} ${externalId}`;
}
