import { LRUCache } from 'lru-cache';
import type { Cipher } from './cipher.ts';
import type { LinksLog } from './guarded-store.ts';
import { type Link, LinkSealError } from './link.ts';
import type { LinkRow } from './link-row.ts';

/** Opens rows for requests. */
export interface Opener {
  /** The secret of a row. Throws LinkSealError when the row is not as it was written. */
  open(row: LinkRow): string | null;
  /** The same without giving the secret. */
  check(row: LinkRow): void;
}

const REMEMBERED = 10_000;

/**
 * Tells the log of each row that is not as it was written: its repair is the operators', whoever asked can only be told
 * that it failed. Of rows that were right their seal is remembered: to open it anew takes as long as finding the row in
 * a file.
 */
export function openerOf(cipher: Cipher, log: LinksLog): Opener {
  const right = new LRUCache<string, string>({ max: REMEMBERED });
  function open(row: LinkRow): string | null {
    try {
      return cipher.open(row);
    } catch (error) {
      log.error({ err: error }, 'a link is not used: see npm run links -- verify, and import it anew');
      throw error;
    }
  }
  return {
    open,
    check(row) {
      const name = `${row.userId} ${row.provider} ${row.externalId}`;
      const seal = row.sealed && `${row.sealed.keyId} ${Buffer.from(row.sealed.bytes).toString('latin1')}`;
      if (seal !== null && right.get(name) === seal) return;
      open(row);
      if (seal !== null) right.set(name, seal);
    },
  };
}

/** What is stored is read through getters of the class, so that neither JSON nor a log line nor a copy has the secret. */
export class OpenableLink implements Link {
  readonly userId: string;
  readonly provider: string;
  readonly #row: LinkRow;
  readonly #opener: Opener;
  #isChecked = false;

  constructor(row: LinkRow, opener: Opener) {
    this.userId = row.userId;
    this.provider = row.provider;
    this.#row = row;
    this.#opener = opener;
  }

  /** Where a link comes from. */
  static rowOf(link: Link): LinkRow {
    if (!(link instanceof OpenableLink)) throw new Error('This link is of no store.');
    return link.#row;
  }

  get externalId(): string {
    if (!this.#isChecked) this.#opener.check(this.#row);
    this.#isChecked = true;
    return this.#row.externalId;
  }

  get secret(): string | null {
    const secret = this.#opener.open(this.#row);
    this.#isChecked = true;
    return secret;
  }

  get isGenuine(): boolean {
    try {
      return this.externalId !== '';
    } catch (error) {
      if (error instanceof LinkSealError) return false;
      throw error;
    }
  }
}
