import type { Soon } from '../loading/soon.ts';
import type { LinkRow } from './link-row.ts';

/** What names a row: a user has one link per provider. */
export interface LinkName {
  readonly userId: string;
  readonly provider: string;
}

/** A row to be replaced by another of the same name, if it is still what it was. */
export interface Replacement {
  readonly was: LinkRow;
  readonly row: LinkRow;
}

/** The users and accounts that a batch of an import is about. */
export interface BatchScope {
  readonly userIds: readonly string[];
  /** The accounts at each provider. */
  readonly accounts: ReadonlyMap<string, readonly string[]>;
}

/**
 * The accounts of a batch that are still to be looked up when the rows of its users are known: an account has one row at
 * most. Of an import that is repeated, none.
 */
export function accountsBeside(
  rows: readonly LinkRow[],
  accounts: BatchScope['accounts'],
): BatchScope['accounts'] {
  const known = new Set(rows.map(({ provider, externalId }) => `${provider} ${externalId}`));
  return new Map(
    [...accounts]
      .map(([provider, ids]) => [provider, ids.filter((id) => !known.has(`${provider} ${id}`))] as const)
      .filter(([, ids]) => ids.length > 0),
  );
}

/** What a batch writes: rows, in place of those that are replaced. */
export interface BatchChange {
  readonly rows: readonly LinkRow[];
  readonly replaced: readonly LinkName[];
}

/**
 * Where links are kept. Each method is one statement or one transaction, and needs nothing of its connection that
 * outlasts it. Errors are the driver's own, but for LinksSetupError from `prepare`; `guarded-store.ts` puts them into
 * the product's words.
 */
export interface LinkStore {
  /** Whether a look-up is a round trip to another process, so that it pays to remember what was found. */
  readonly isRemote: boolean;
  /** Connects, and brings the schema up to date. Safe when several processes do it at once. */
  prepare(): Promise<void>;
  /** Whether the rows are as an earlier version wrote them: not sealed as a whole, and ids in any case. */
  isOfEarlierVersion(): Promise<boolean>;
  /** Says that they no longer are. */
  endEarlierVersion(): Promise<void>;
  /**
   * All links of these users (ids in canonical form, no duplicates), ordered by user and provider. When one provider
   * is named, those at others may be left out.
   */
  of(userIds: readonly string[], provider?: string): Soon<LinkRow[]>;
  /** The links to these accounts. */
  ofAccounts(provider: string, externalIds: readonly string[]): Soon<LinkRow[]>;
  /** The next rows (of one provider, if one is given) in the order of user and provider, at most `limit`. */
  page(after: LinkName | null, limit: number, provider: string | null): Promise<LinkRow[]>;
  /**
   * Adds a row, in place of the one that its user has at this provider. False, and nothing is changed, when the
   * account is somebody else's.
   */
  put(row: LinkRow): Promise<boolean>;
  /** Removes a user's links, or the one at a provider. Returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** The ids of all keys that rows are sealed with; null among them when some are not sealed. */
  keyIds(): Promise<(string | null)[]>;
  /** Replaces rows that are still as they were. */
  replace(changes: readonly Replacement[]): Promise<void>;
  /**
   * One batch of an import, in one transaction: reads what is stored of these users and accounts, and writes what
   * `decide` makes of it, which may be called again when somebody else's change came in between. False, and nothing is
   * done, while another import writes.
   */
  importBatch(scope: BatchScope, decide: (stored: readonly LinkRow[]) => BatchChange): Promise<boolean>;
  /** Marks that the provider has refused the secret of a row, if the row still has it. */
  markRejected(row: LinkRow): Promise<void>;
  /** The next rows whose secret was refused, in the order of user and provider, and since when (RFC 3339). */
  rejected(
    after: LinkName | null,
    limit: number,
  ): Promise<{ readonly row: LinkRow; readonly since: string }[]>;
  /** The driver's code of an error, fit for a log line. */
  codeOf(error: unknown): string;
  /** Where it is from now on, for connections yet to be made. Throws LinksSetupError where there are none to make. */
  moveTo(url: string): void;
  close(): Promise<void>;
}

/** What an import asks of the store. */
export type ImportTarget = Pick<LinkStore, 'of' | 'ofAccounts' | 'importBatch'>;

/** The code of an error when all connections that this process may have are in use: the store itself is well. */
export const BUSY = 'POOL_BUSY';
