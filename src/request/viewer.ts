import { type Caller, UNKNOWN_OWNER } from '../http/caller.ts';
import { CallerError } from './caller-error.ts';
import { type Identities, type Identity, isBarred, type NamedUser, NOT_REMEMBERED } from './identities.ts';
import { UpstreamError, type UpstreamFailure } from '../http/upstream-error.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';

/** Failures that say nothing of the token. */
const OUTAGES: ReadonlySet<UpstreamFailure> = new Set([
  'unreachable',
  'timeout',
  'unavailable',
  'rate-limited',
  'cancelled',
]);

const NOT_LOGGED_IN = new CallerError(
  'UNAUTHENTICATED',
  'Log in first: send the header `authorization: Bearer <Bird login token>`.',
);

/** Whom Bird names as the owner of the login token. All refuse with UNAUTHENTICATED when it does not take the token. */
export interface Identifying {
  anybody(): Soon<NamedUser>;
  /** Asks by a call of its own, whatever has been answered or is under way. */
  afresh(): Promise<NamedUser>;
  /** Refuses with an `UpstreamError`, and has the token forgotten, when it is somebody else. */
  only(userId: string): Soon<NamedUser>;
  /** What it means that Bird has named two people: the error to throw. */
  contradicted(): Error;
}

/** Who is asking: the person whose login token came with the request, a trusted operator, or nobody. */
export class Viewer {
  /** The Bird login token, null when none was sent. Goes to Bird and nowhere else. */
  readonly token: string | null;
  /** Whether the gateway vouches that the caller may read every linked user. */
  readonly isOperator: boolean;
  readonly #identities: Identities;
  readonly #identify: Identifying;
  #id: Soon<string> | undefined;
  #identity: Identity | undefined;
  #isBarred = false;
  #isConfirmed = false;
  #confirmation: Soon<void> | undefined;

  constructor(parts: {
    token: string | null;
    isOperator: boolean;
    identities: Identities;
    /** Asks Bird. */
    identify: Identifying;
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

  /** Whether Bird has shut the viewer out. Known once their id is. */
  get isBarred(): boolean {
    return this.#isBarred;
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

  /**
   * For what is private: goes on when Bird has named this very person in the last seconds, and asks it otherwise. In an
   * outage of Bird's what is remembered stands for as long as it is remembered: that ends nobody's login.
   */
  confirm(): Soon<void> {
    if (this.#isConfirmed) return undefined;
    return (this.#confirmation ??= after(this.requireId(), (id) => this.#confirmAs(id)));
  }

  /** The viewer as Bird names them now, for what cannot be undone. Throws when it is not who it was. */
  async identifyAfresh(): Promise<NamedUser> {
    if (this.token === null) throw NOT_LOGGED_IN;
    const known = this.rememberedId();
    const user = await this.#identify.afresh();
    if (known === undefined || known === user.id) {
      this.#note(user);
      return user;
    }
    this.forget();
    throw this.#identify.contradicted();
  }

  /** Whose token it is as far as that is remembered: Bird is not asked. */
  rememberedId(): string | undefined {
    return this.#remembered.last()?.userId;
  }

  /** Bird has just named the token's owner, for whatever reason it was asked. */
  remember(user: NamedUser): void {
    if (!this.#isConfirmed) this.#note(user);
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

  /** Whether Bird has refused the token in the last seconds, so that it need not be asked. */
  get isRefused(): boolean {
    return this.#remembered.isRefused();
  }

  /** Bird does not take the token. */
  refuse(): void {
    this.#remembered.refuse();
  }

  /** Whose deletion was asked for with this token minutes ago, without that anybody knows what came of it. */
  get deletionInDoubt(): string | undefined {
    return this.#remembered.deletionInDoubt();
  }

  /** Nobody knows whether Bird deletes the token's owner. */
  doubtDeletion(userId: string): void {
    this.#remembered.doubtDeletion(userId);
  }

  /** Made once: it takes a digest of the token. */
  get #remembered(): Identity {
    return (this.#identity ??= this.token === null ? NOT_REMEMBERED : this.#identities.of(this.token));
  }

  #lookUp(): Soon<string> {
    const known = this.#remembered.last();
    if (known === undefined) return after(this.#identify.anybody(), (user) => this.#note(user));
    this.#isConfirmed = this.#identities.isFresh(known);
    this.#isBarred = known.isBarred;
    return known.userId;
  }

  #confirmAs(id: string): Soon<void> {
    // Looked up since it was asked for.
    if (this.#isConfirmed) return undefined;
    return recovering(
      () => after(this.#identify.only(id), (user) => this.remember(user)),
      (error) => {
        const isOutage = error instanceof UpstreamError && OUTAGES.has(error.failure);
        if (!isOutage || this.rememberedId() !== id) throw error;
      },
    );
  }

  #note(user: NamedUser): string {
    this.#remembered.remember(user);
    this.#isBarred = isBarred(user.status);
    this.#isConfirmed = true;
    this.#id = user.id;
    return user.id;
  }
}
