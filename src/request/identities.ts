import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Who Bird says that a token belongs to. */
export interface NamedUser {
  id: string;
  /** As in the schema; null when Bird does not say, an error when it cannot be read. */
  status: string | Error | null;
}

/** When Bird was last heard to name the owner of a token, and whom it named. */
interface Sighting {
  userId: string;
  isBarred: boolean;
  /** By the clock of `Identities`, in ms. */
  at: number;
}

/** Whose a token is, as far as is remembered. */
export interface Identity {
  last(): Sighting | undefined;
  remember(user: NamedUser): void;
  forget(): void;
  /** Whether Bird has refused it in the last seconds. */
  isRefused(): boolean;
  /** Bird has refused it: forgotten, and remembered as that unless it was good until now. */
  refuse(): void;
  /** Whose deletion was asked for with it, without that anybody knows what came of it. */
  deletionInDoubt(): string | undefined;
  doubtDeletion(userId: string): void;
}

export const NOT_REMEMBERED: Identity = {
  last: () => undefined,
  remember: () => {},
  forget: () => {},
  isRefused: () => false,
  refuse: () => {},
  deletionInDoubt: () => undefined,
  doubtDeletion: () => {},
};

/** Tokens remembered at once; past it the least recently used is looked up again. */
const MAX_IDENTITIES = 20_000;

/** Refused tokens are remembered apart from the good ones, which they never push out, and for less time, in seconds. */
const MAX_REFUSED = 10_000;
const REFUSED_SECONDS = 10;

/** People try again what they do not know the outcome of, within minutes. There are few of them at a time. */
const MAX_DOUBTS = 1_000;
const DOUBT_SECONDS = 600;

/** For as long as this, in ms, what Bird has said of a token is good enough for what is private. */
const FRESH_MS = 5_000;

/**
 * Which user a login token belongs to, remembered briefly so that a known caller costs no round trip. Kept by a
 * digest of the token: the memory of this process holds no list of tokens.
 */
export class Identities {
  readonly #sightings: LRUCache<string, Sighting>;
  readonly #refused: LRUCache<string, true>;
  readonly #doubts: LRUCache<string, string>;
  readonly #now: () => number;
  readonly #isOn: boolean;
  #forgotten = 0;

  constructor(seconds: number, now: () => number = () => performance.now()) {
    this.#sightings = new LRUCache({
      max: MAX_IDENTITIES,
      ttl: seconds * 1_000,
      ttlResolution: 0,
      perf: { now },
    });
    this.#refused = new LRUCache({
      max: MAX_REFUSED,
      ttl: Math.min(seconds, REFUSED_SECONDS) * 1_000,
      ttlResolution: 0,
      perf: { now },
    });
    this.#doubts = new LRUCache({
      max: MAX_DOUBTS,
      ttl: DOUBT_SECONDS * 1_000,
      ttlResolution: 0,
      perf: { now },
    });
    this.#now = now;
    this.#isOn = seconds > 0;
  }

  /** What is remembered of a token. */
  of(token: string): Identity {
    if (!this.#isOn) return NOT_REMEMBERED;
    const digest = hash('sha256', token, 'base64');
    const before = this.#forgotten;
    return {
      last: () => this.#sightings.get(digest),
      remember: ({ id, status }) => {
        // What was on its way while somebody was forgotten may be about them.
        if (this.#forgotten === before)
          this.#sightings.set(digest, { userId: id, isBarred: isBarred(status), at: this.#now() });
      },
      forget: () => void this.#sightings.delete(digest),
      isRefused: () => this.#refused.has(digest),
      refuse: () => {
        // One that was good until now is asked about once more: the refusal may be a mistake.
        if (!this.#sightings.delete(digest)) this.#refused.set(digest, true);
      },
      deletionInDoubt: () => this.#doubts.get(digest),
      doubtDeletion: (userId) => void this.#doubts.set(digest, userId),
    };
  }

  /** Forgets all tokens: it is in doubt whether what was learned of them lately is true. */
  forgetAll(): void {
    this.#forgotten += 1;
    this.#sightings.clear();
  }

  /** Whether it is recent enough for what is private. */
  isFresh({ at }: Sighting): boolean {
    return this.#now() - at <= FRESH_MS;
  }

  /** Forgets all tokens of a user. */
  forget(userId: string): void {
    this.#forgotten += 1;
    for (const [key, sighting] of this.#sightings.entries())
      if (sighting.userId === userId) this.#sightings.delete(key);
  }
}

/** A person whom Bird has shut out or let go: no member any more, whatever links are left of them. */
export function isBarred(status: NamedUser['status']): boolean {
  return status === 'BANNED' || status === 'DELETED';
}
