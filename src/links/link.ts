/** One account of a user at a provider. */
export interface Link {
  /** The Bird user id: a UUID in lower case. */
  readonly userId: string;
  readonly provider: string;
  /** The provider's own user id. */
  readonly externalId: string;
  /**
   * The person's own key at the provider, or null where none is stored. Decrypted each time it is read, so
   * that it stays out of caches, logs and JSON. Throws LinkSecretError when the stored text cannot be opened.
   */
  readonly secret: string | null;
}

/** Which providers accounts are linked at, and what an account looks like there. */
export type Linkable = Readonly<
  Record<string, { readonly externalId: RegExp; readonly secret: 'none' | 'optional' | 'required' }>
>;

/** The only form of a user id that is stored or looked up. */
export const USER_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

/** One stored secret cannot be opened: its row was altered outside this product, or its key is not configured. */
export class LinkSecretError extends Error {
  override readonly name = 'LinkSecretError';
  readonly failure = 'link-secret';
  readonly provider: string;
  constructor({ userId, provider }: { readonly userId: string; readonly provider: string }, why: string) {
    super(`The ${provider} secret of user ${userId} cannot be opened: ${why}.`);
    this.provider = provider;
  }
}
