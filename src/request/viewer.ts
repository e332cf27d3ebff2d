import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Caller, UNKNOWN_OWNER } from '../http/caller.ts';
import { CallerError } from './caller-error.ts';
import { after, type Soon } from '../loading/soon.ts';

/** Whose a token is, as far as is remembered. */
interface Identity {
  /** The user id that it was last seen to belong to. */
  userId(): string | undefined;
  remember(userId: string): void;
  forget(): void;
}

const NOT_REMEMBERED: Identity = { userId: () => undefined, remember: () => {}, forget: () => {} };

/** Tokens remembered at once; past it the least recently used is looked up again. */
const MAX_IDENTITIES = 20_000;

/**
 * Which user a login token belongs to, remembered briefly so that a known caller costs no round trip. Kept by a
 * digest of the token: the memory of this process holds no list of tokens.
 */
export class Identities {
  readonly #userIds: LRUCache<string, string>;
  #forgotten = 0;

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

  /** What is remembered of a token. */
  of(token: string): Identity {
    if (!this.#isOn) return NOT_REMEMBERED;
    const digest = hash('sha256', token, 'base64');
    const before = this.#forgotten;
    return {
      userId: () => this.#userIds.get(digest),
      // What was on its way while somebody was forgotten may be about them.
      remember: (userId) => void (this.#forgotten === before && this.#userIds.set(digest, userId)),
      forget: () => void this.#userIds.delete(digest),
    };
  }

  /** Forgets all tokens: it is in doubt whether what was learned of them lately is true. */
  forgetAll(): void {
    this.#forgotten += 1;
    this.#userIds.clear();
  }

  /** Forgets all tokens of a user. */
  forget(userId: string): void {
    this.#forgotten += 1;
    for (const [key, id] of this.#userIds.entries()) if (id === userId) this.#userIds.delete(key);
  }
}

const NOT_LOGGED_IN = new CallerError(
  'UNAUTHENTICATED',
  'Log in first: send the header `authorization: Bearer <Bird login token>`.',
);

/** Who is asking: the person whose login token came with the request, a trusted operator, or nobody. */
export class Viewer {
  /** The Bird login token, null when none was sent. Goes to Bird and nowhere else. */
  readonly token: string | null;
  /** Whether the gateway vouches that the caller may read every linked user. */
  readonly isOperator: boolean;
  readonly #identities: Identities;
  readonly #identify: () => Soon<{ id: string }>;
  #id: Soon<string> | undefined;
  #identity: Identity | undefined;

  constructor(parts: {
    token: string | null;
    isOperator: boolean;
    identities: Identities;
    /** Asks Bird whose token it is. */
    identify: () => Soon<{ id: string }>;
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
  id(): Soon<string | null> {
    return this.token === null ? null : (this.#id ??= this.#lookUp());
  }

  /** The viewer's user id. Throws UNAUTHENTICATED when no token was sent. */
  requireId(): Soon<string> {
    if (this.token !== null) return (this.#id ??= this.#lookUp());
    throw NOT_LOGGED_IN;
  }

  /** Whose token it is as far as that is remembered: Bird is not asked. */
  rememberedId(): string | undefined {
    return this.#remembered.userId();
  }

  /** Whom calls are made for as far as is known by now; null when it is no one person: without a token, or an operator. */
  caller(): Caller | null {
    if (this.token === null) return null;
    const known = typeof this.#id === 'string' ? this.#id : this.rememberedId();
    if (known === undefined) return UNKNOWN_OWNER;
    return this.isOperator ? null : known;
  }

  /** Bird does not take the token, or says that it is somebody else's: what is remembered is no longer believed. */
  forget(): void {
    this.#remembered.forget();
  }

  /** Made once: it takes a digest of the token. */
  get #remembered(): Identity {
    return (this.#identity ??= this.token === null ? NOT_REMEMBERED : this.#identities.of(this.token));
  }

  #lookUp(): Soon<string> {
    const known = this.#remembered.userId();
    if (known !== undefined) return known;
    return after(this.#identify(), ({ id }) => {
      this.#remembered.remember(id);
      this.#id = id;
      return id;
    });
  }
}
