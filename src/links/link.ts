import type { Soon } from '../loading/soon.ts';

/** One account of a user at a provider. */
export interface Link {
  /** The Bird user id: a UUID in lower case. */
  readonly userId: string;
  readonly provider: string;
  /** The provider's own user id. Throws LinkSealError when the row is not as it was written. */
  readonly externalId: string;
  /**
   * The person's own key at the provider, or null where none is stored. Decrypted each time it is read, so
   * that it stays out of caches, logs and JSON. Throws LinkSealError when the row is not as it was written.
   */
  readonly secret: string | null;
  /** Whether the row is as it was written. */
  readonly isGenuine: boolean;
}

/** Who is who: what requests need of the links. Every method fails with LinksUnavailableError while the store is down. */
export interface Links {
  /**
   * The links of these users, in one statement. Users without links, and texts that are no user ids, are absent.
   * When one provider is named, links at others may be left out, and so may users who have none there.
   */
  of(userIds: readonly string[], provider?: string): Soon<ReadonlyMap<string, readonly Link[]>>;
  /** External id → user id, in one statement. Accounts that nobody is linked to are absent. */
  usersOf(provider: string, externalIds: readonly string[]): Soon<ReadonlyMap<string, string>>;
  /** Whether both are answered by another process; at once, if not. */
  readonly isRemote: boolean;
  /**
   * Links an account to a user, in place of the one that they have at this provider. Whoever calls this has proof that
   * the account is theirs. 'taken': it is linked to somebody else, and nothing was changed. Rejects with
   * LinksSetupError where there is no key to seal the secret with.
   */
  link(link: NewLink): Promise<'linked' | 'taken'>;
  /** Removes a user's link at one provider; whether there was one. May be repeated. */
  unlink(userId: string, provider: string): Promise<boolean>;
  /** Remembers for the operators that the provider has refused the secret of this link; `of` has given it. */
  secretRejected(link: Link): Promise<void>;
  /** Forgets a user; returns how many links there were. May be repeated. */
  removeAll(userId: string): Promise<number>;
  close(): Promise<void>;
}

/** An account to be linked. What does not fit the provider's form is a defect of the caller. */
export interface NewLink {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
  /** The person's own key at the provider, null where it takes none. */
  readonly secret: string | null;
}

/** Which providers accounts are linked at, and what an account looks like there. */
export type Linkable = Readonly<
  Record<string, { readonly externalId: RegExp; readonly secret: 'none' | 'optional' | 'required' }>
>;

/** The only form of a user id that is stored or looked up. */
export const USER_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An ObjectId of MongoDB, or a UUID, whose hyphens are for the eye. Hexadecimal digits mean the same in either case. */
const OBJECT_ID = /^[0-9a-f]{24}$/i;
const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** The one form in which an id is stored and compared: two spellings of one account are one account. */
export function canonicalId(id: string): string {
  if (USER_ID.test(id)) return id;
  const uuid = UUID.exec(id);
  if (uuid) return uuid.slice(1).join('-').toLowerCase();
  return OBJECT_ID.test(id) ? id.toLowerCase() : id;
}

/** The store does not answer: nothing is known about anybody's links. It recovers by itself. */
export class LinksUnavailableError extends Error {
  override readonly name = 'LinksUnavailableError';
  /** The driver's code, for instance `ECONNREFUSED`: never its text, which may name the host. */
  readonly code: string;
  constructor(code: string) {
    super(`The account links cannot be read or written at the moment (${code}).`);
    this.code = code;
  }
}

/** The store cannot be used as configured. Repeating does not help; the message says what does. */
export class LinksSetupError extends Error {
  override readonly name = 'LinksSetupError';
}

/** One link is not as it was written: its row was altered outside this product, or its key is not configured. */
export class LinkSealError extends Error {
  override readonly name = 'LinkSealError';
  readonly failure = 'link-seal';
  readonly provider: string;
  /** In a few words that name neither person nor account. */
  readonly why: string;
  constructor({ userId, provider }: { readonly userId: string; readonly provider: string }, why: string) {
    super(`The ${provider} link of user ${userId} cannot be used: ${why}.`);
    this.provider = provider;
    this.why = why;
  }
}
