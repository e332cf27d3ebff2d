import type { Cipher } from './cipher.ts';
import { type Linkable, LinkSecretError } from './link.ts';
import type { LinkLine } from './link-line.ts';
import type { ImportTarget, LinkRow } from './store.ts';

/** What a line did, or why it did nothing. */
export type LineOutcome = 'added' | 'changed' | 'unchanged' | { readonly rejected: string };

interface Rules {
  readonly cipher: Cipher;
  readonly linkable: Linkable;
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

  private constructor(rules: Rules) {
    this.#rules = rules;
  }

  static async around(
    lines: readonly LinkLine[],
    { store, ...rules }: Rules & { readonly store: ImportTarget },
  ): Promise<KnownLinks> {
    const known = new KnownLinks(rules);
    if (lines.length === 0) return known;
    for (const row of await store.of([...new Set(lines.map((line) => line.userId))])) {
      known.#rows.set(nameOf(row), row);
    }
    for (const [provider, some] of Map.groupBy(lines, (line) => line.provider)) {
      const accounts = new Set(some.map((line) => line.externalId));
      for (const owner of await store.usersOf(provider, [...accounts])) {
        known.#owners.set(accountOf(owner), owner.userId);
      }
    }
    return known;
  }

  apply(line: LinkLine): LineOutcome {
    const { userId, provider, externalId, secret } = line;
    const row = this.#rows.get(nameOf(line));
    const rejected = this.#reasonAgainst(line, row);
    if (rejected !== null) return { rejected };
    if (row?.externalId === externalId && (secret === undefined || secret === this.#secretOf(row))) {
      return 'unchanged';
    }

    if (row) this.#owners.delete(accountOf(row));
    if (row && !this.altered.has(nameOf(row))) this.replaced.push(row);
    const sealed = typeof secret === 'string' ? this.#rules.cipher.seal(secret, line) : null;
    const next = { userId, provider, externalId, sealed };
    this.#rows.set(nameOf(next), next);
    this.#owners.set(accountOf(next), userId);
    this.altered.set(nameOf(next), next);
    return row ? 'changed' : 'added';
  }

  #reasonAgainst(
    { userId, provider, externalId, secret }: LinkLine,
    row: LinkRow | undefined,
  ): string | null {
    const owner = this.#owners.get(accountOf({ provider, externalId }));
    if (owner !== undefined && owner !== userId) {
      return `${provider} account ${externalId} is linked to user ${owner}, so it cannot be linked to user ${userId}`;
    }
    if (secret === undefined && row?.externalId !== externalId) {
      if (row?.sealed) return 'the account changes, so its secret must be given (or null)';
      if (this.#rules.linkable[provider]?.secret === 'required') {
        return `a link to ${provider} needs the person's secret`;
      }
    }
    if (typeof secret === 'string' && this.#rules.cipher.keyId === null) {
      return 'a secret cannot be stored without LINKS_ENCRYPTION_KEY';
    }
    return null;
  }

  /** A secret that cannot be opened equals none, so that importing the right one repairs it. */
  #secretOf(row: LinkRow): string | null | undefined {
    try {
      return row.sealed && this.#rules.cipher.open(row.sealed, row);
    } catch (error) {
      if (error instanceof LinkSecretError) return undefined;
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
