import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { CallerError } from './caller-error.ts';

/** Tokens remembered at once; past it the least recently used is looked up again. */
const MAX_IDENTITIES = 20_000;

/**
 * Which user a login token belongs to, remembered briefly so that a known caller costs no round trip. Kept by a
 * digest of the token: the memory of this process holds no list of tokens.
 */
export class Identities {
  readonly #userIds: LRUCache<string, string>;

  constructor(seconds: number, now: () => number = () => performance.now()) {
    this.#userIds = new LRUCache({
      max: MAX_IDENTITIES,
      ttl: seconds * 1_000,
      ttlResolution: 0,
      perf: { now },
    });
    this.#isOn = seconds > 0;
  }

  readonly #isOn: boolean;

  /** The user id that a token was last seen to belong to. */
  get(token: string): string | undefined {
    return this.#isOn ? this.#userIds.get(digest(token)) : undefined;
  }

  set(token: string, userId: string): void {
    if (this.#isOn) this.#userIds.set(digest(token), userId);
  }

  /** Forgets one token. */
  forgetToken(token: string): void {
    this.#userIds.delete(digest(token));
  }

  /** Forgets all tokens of a user. */
  forget(userId: string): void {
    for (const [key, id] of this.#userIds.entries()) if (id === userId) this.#userIds.delete(key);
  }
}

/** Who is asking: the person whose login token came with the request, a trusted operator, or nobody. */
export class Viewer {
  /** The Bird login token, null when none was sent. Goes to Bird and nowhere else. */
  readonly token: string | null;
  /** Whether the gateway vouches that the caller may read every linked user. */
  readonly isOperator: boolean;
  readonly #identities: Identities;
  readonly #identify: () => Promise<{ id: string }>;
  #id: Promise<string> | undefined;

  constructor(parts: {
    token: string | null;
    isOperator: boolean;
    identities: Identities;
    /** Asks Bird whose token it is. */
    identify: () => Promise<{ id: string }>;
  }) {
    this.token = parts.token;
    this.isOperator = parts.isOperator;
    this.#identities = parts.identities;
    this.#identify = parts.identify;
  }

  /** Whether a login token was sent; whether it is a good one, only Bird knows. */
  get hasToken(): boolean {
    return this.token !== null;
  }

  /** The viewer's user id, null when no token was sent. Bird is asked at most once a request. */
  async id(): Promise<string | null> {
    if (this.token === null) return null;
    return (this.#id ??= this.#lookUp(this.token));
  }

  /** The viewer's user id. Rejects with UNAUTHENTICATED when no token was sent. */
  async requireId(): Promise<string> {
    const id = await this.id();
    if (id === null) {
      throw new CallerError(
        'UNAUTHENTICATED',
        'Log in first: send the header `authorization: Bearer <Bird login token>`.',
      );
    }
    return id;
  }

  /** Bird does not know the token any more: whom it belonged to is no longer believed. */
  tokenRejected(): void {
    if (this.token !== null) this.#identities.forgetToken(this.token);
  }

  async #lookUp(token: string): Promise<string> {
    const known = this.#identities.get(token);
    if (known !== undefined) return known;
    const { id } = await this.#identify();
    this.#identities.set(token, id);
    return id;
  }
}

function digest(token: string): string {
  return hash('sha256', token, 'base64');
}
