import type { Soon } from '../loading/soon.ts';
import type { Sealed, SecretOwner } from './cipher.ts';

/** A link as it is stored: the secret stays sealed. */
export interface LinkRow extends SecretOwner {
  readonly sealed: Sealed | null;
}

/** What names a row: a user has one link per provider. */
export interface LinkName {
  readonly userId: string;
  readonly provider: string;
}

/** A sealed secret to be replaced by another, if the row still holds it. */
export interface Reseal {
  readonly row: LinkRow & { readonly sealed: Sealed };
  readonly sealed: Sealed;
}

/**
 * Where links are kept. Each method is one statement or one transaction. Errors are the driver's own, but for
 * LinksSetupError from `prepare`; `guarded-store.ts` puts them into the product's words.
 */
export interface LinkStore {
  /** Whether a look-up is a round trip to another process, so that it pays to remember what was found. */
  readonly isRemote: boolean;
  /** Connects, and brings the schema up to date. Safe when several processes do it at once. */
  prepare(): Promise<void>;
  /**
   * All links of these users (ids in canonical form, no duplicates), ordered by user and provider. When one provider
   * is named, those at others may be left out.
   */
  of(userIds: readonly string[], provider?: string): Soon<LinkRow[]>;
  /** The owners of these accounts. */
  usersOf(provider: string, externalIds: readonly string[]): Soon<SecretOwner[]>;
  /** The next rows (of one provider, if one is given) in the order of user and provider, at most `limit`. */
  page(after: LinkName | null, limit: number, provider: string | null): Promise<LinkRow[]>;
  /**
   * Adds a row, in place of the one that its user has at this provider. False, and nothing is changed, when the
   * account is somebody else's.
   */
  put(row: LinkRow): Promise<boolean>;
  /** Removes a user's links, or the one at a provider. Returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** The ids of all keys that something is sealed with. */
  keyIds(): Promise<string[]>;
  /** Rows whose secret is sealed with this key, at most `limit`. */
  sealedWith(keyId: string, limit: number): Promise<Reseal['row'][]>;
  reseal(changes: readonly Reseal[]): Promise<void>;
  /** The right to import, which one process has at a time; null when another has it. Lost with its process. */
  claimImport(): Promise<ImportClaim | null>;
  /** The driver's code of an error, fit for a log line. */
  codeOf(error: unknown): string;
  close(): Promise<void>;
}

export interface ImportClaim {
  /** In one transaction: removes the links that are replaced, then adds the rows. */
  replace(rows: readonly LinkRow[], replaced: readonly LinkName[]): Promise<void>;
  release(): Promise<void>;
}

/** What an import asks of the store. */
export type ImportTarget = Pick<LinkStore, 'of' | 'usersOf' | 'claimImport'>;
