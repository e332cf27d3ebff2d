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

/** Which providers accounts are linked at, and what an account looks like there. */
export type Linkable = Readonly<
  Record<string, { readonly externalId: RegExp; readonly secret: 'none' | 'optional' | 'required' }>
>;

/** The only form of a user id that is stored or looked up. */
export const USER_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID or an ObjectId of MongoDB: hexadecimal digits, which mean the same in either case. */
const CASELESS_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{24}$/i;

/** The one form in which an id is stored and compared: two spellings of one account are one account. */
export function canonicalId(id: string): string {
  return CASELESS_ID.test(id) ? id.toLowerCase() : id;
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
