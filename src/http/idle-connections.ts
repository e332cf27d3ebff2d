import type { Connection } from './connection.ts';

/**
 * When one asks on a connection whose a token is. Where nothing has come for a second nothing of an earlier answer is
 * still on its way. To have that, or a new connection, for each of a flood of unknown tokens would cost more than all
 * else that is done for them: then five milliseconds have to do, unless such an answer has ever been seen.
 */
const QUIET_MS = 1_000;
const QUIET_IN_A_FLOOD_MS = 5;
const NEW_ONES_A_SECOND = 32;
/** Where there are as many as there may be, another is closed for each new one: in a flood that costs more than it gives. */
const REPLACED_A_SECOND = 4;

/** The open connections to one provider that nobody uses now. */
export class IdleConnections {
  /** The one used last is used next: those that are not needed come to rest, and are closed. */
  readonly #all: Connection[] = [];
  readonly #now: () => number;
  #newOnes = NEW_ONES_A_SECOND;
  #newOnesAt = 0;
  #hasStrayed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps one. What was never used is as safe as one can be, so it is used last. */
  add(connection: Connection): void {
    connection.rest(this.#now());
    if (connection.isUsed) this.#all.push(connection);
    else this.#all.unshift(connection);
  }

  takeLast(): Connection | undefined {
    return this.#all.pop();
  }

  /** The one that has not been used for longest. */
  takeOldest(): Connection | undefined {
    return this.#all.shift();
  }

  /**
   * A connection on which whose token it is can be asked: what came late of an earlier answer would make the token
   * somebody else's.
   */
  takeSafe(isFull: boolean): Connection | undefined {
    const now = this.#now();
    const safe = this.#takeQuiet(now, QUIET_MS);
    if (safe || this.#all.length === 0 || this.#hasStrayed || this.allowsNewOne(isFull)) return safe;
    return this.#takeQuiet(now, QUIET_IN_A_FLOOD_MS);
  }

  /** Whether `takeSafe` would wait for a new connection. */
  get hasNoneSafe(): boolean {
    return !this.#all[0]?.isQuiet(this.#now(), QUIET_MS);
  }

  /** Whether one more new connection may be opened for certainty's sake alone. */
  allowsNewOne(isFull: boolean): boolean {
    const now = this.#now();
    const perSecond = isFull ? REPLACED_A_SECOND : NEW_ONES_A_SECOND;
    const earned = ((now - this.#newOnesAt) * perSecond) / 1_000;
    this.#newOnes = Math.min(NEW_ONES_A_SECOND, this.#newOnes + earned);
    this.#newOnesAt = now;
    if (this.#newOnes < 1) return false;
    this.#newOnes -= 1;
    return true;
  }

  /** One is not open any more. */
  remove(connection: Connection): void {
    const at = this.#all.indexOf(connection);
    if (at >= 0) this.#all.splice(at, 1);
  }

  /** From now on what comes late is expected of this provider. */
  distrust(): void {
    this.#hasStrayed = true;
  }

  /** Of those over which nothing has come for so long, the one used last: few stay in use. */
  #takeQuiet(now: number, ms: number): Connection | undefined {
    if (!this.#all[0]?.isQuiet(now, ms)) return undefined;
    const at = this.#all.findLastIndex((connection) => connection.isQuiet(now, ms));
    return this.#all.splice(at, 1)[0];
  }
}
