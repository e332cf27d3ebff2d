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

/**
 * Where links are kept. Each method is one statement or one transaction. Errors are the driver's own, but for
 * LinksSetupError; `links.ts` puts them into the product's words.
 */
export interface LinkStore {
  /** Brings the schema up to date. Safe when several processes do it at once. */
  prepare(): Promise<void>;
  /** All links of these users (ids in canonical form, no duplicates), ordered by user and provider. */
  of(userIds: readonly string[]): Promise<LinkRow[]>;
  /** The owners of these accounts. */
  usersOf(provider: string, externalIds: readonly string[]): Promise<SecretOwner[]>;
  /** The next rows (of one provider, if one is given) in the order of user and provider, at most `limit`. */
  page(after: LinkName | null, limit: number, provider: string | null): Promise<LinkRow[]>;
  /** Removes a user's links, or the one at a provider. Returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** Rows whose secret is sealed with this key, at most `limit`. */
  sealedWith(keyId: string, limit: number): Promise<LinkRow[]>;
  /** The smallest key id in use that is greater than the given one, or null. */
  nextKeyId(after: string): Promise<string | null>;
  /** Replaces sealed secrets in one transaction; a row that changed since it was read is left alone. */
  reseal(changes: readonly { readonly row: LinkRow; readonly sealed: Sealed }[]): Promise<void>;
  /** The right to import, which one process has at a time; null when another has it. Lost with its process. */
  claimImport(): Promise<ImportClaim | null>;
  /** The driver's code of an error, fit for a log line. */
  reasonOf(error: unknown): string;
  close(): Promise<void>;
}

export interface ImportClaim {
  /** In one transaction: removes the links that these rows replace, then adds the rows. */
  replace(rows: readonly LinkRow[]): Promise<void>;
  release(): Promise<void>;
}
