import type { Cipher } from './cipher.ts';
import type { Link } from './link.ts';
import type { LinkRow } from './store.ts';

/** A link as its operator sees it. */
export interface StoredLink extends Link {
  /** Known without opening it. */
  readonly hasSecret: boolean;
}

/** The secret is a getter of the class, so that neither JSON nor a log line nor a copy of the object has it. */
export class OpenableLink implements StoredLink {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
  readonly #sealed: LinkRow['sealed'];
  readonly #cipher: Pick<Cipher, 'open'>;

  constructor({ userId, provider, externalId, sealed }: LinkRow, cipher: Pick<Cipher, 'open'>) {
    this.userId = userId;
    this.provider = provider;
    this.externalId = externalId;
    this.#sealed = sealed;
    this.#cipher = cipher;
  }

  get hasSecret(): boolean {
    return this.#sealed !== null;
  }

  get secret(): string | null {
    return this.#sealed && this.#cipher.open(this.#sealed, this);
  }
}
