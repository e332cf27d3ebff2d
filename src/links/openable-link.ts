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

/** Some 16 MB of heap when they are all in use. */
const REMEMBERED = 50_000;

/**
 * Tells the log of each row that is not as it was written: its repair is the operators', whoever asked can only be told
 * that it failed. Rows that were right are remembered, by their seal: to open it anew takes as long as finding the row in
 * a file. When there are too many all are forgotten: to know which was used last costs more than to open a seal.
 */
export function openerOf(cipher: Cipher, log: LinksLog): Opener {
  const right = new Map<string, LinkRow>();
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
      const { sealed } = row;
      if (sealed === null) return void open(row);
      const seal = sealed.hex ?? Buffer.from(sealed.bytes).toString('hex');
      const known = right.get(seal);
      if (known && isSame(known, row)) return;
      open(row);
      if (right.size >= REMEMBERED) right.clear();
      right.set(seal, row);
    },
  };
}

/** Whether all that a seal vouches for is the same. */
function isSame(one: LinkRow, other: LinkRow): boolean {
  return (
    one.userId === other.userId &&
    one.provider === other.provider &&
    one.externalId === other.externalId &&
    one.sealed?.keyId === other.sealed?.keyId
  );
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
