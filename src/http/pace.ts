import type { Answer } from './answer.ts';
import { type Caller, UNKNOWN_OWNER } from './caller.ts';
import type { Clock } from './clock.ts';
import { isTooMuch, retryAfterMsOf } from './failures.ts';
import { Line, type Place } from './line.ts';

/** A pace that nothing has exceeded for so long is given up. */
const FORGOTTEN_AFTER_MS = 60_000;
/** More paces than this are not kept: whose refusal finds no room is asked on as before. */
const MOST_PACES = 1_000;
/** One refusal may have any reason; that many within a second mean that too much is asked. */
const REFUSALS_OF_TOO_MUCH = 3;
/** Calls a second that a pace begins with at least: what was answered lately says little when little was asked. */
const LEAST_AT_FIRST = 10;

/** A call that waits for its turn. */
export interface Paced {
  pass(): void;
  /** Too many wait, and whoever asks for most makes room. */
  crowdedOut(): void;
}

/**
 * How fast the calls with one credential may be sent, once their provider has found them too many (429, or a quota that is used up): otherwise
 * whoever asks for much would use all that everybody may ask together up, and the others get the refusals. Those that
 * wait take turns by caller.
 *
 * The rate that was answered is what it begins with. A refusal lowers it, and each answer raises it a little (additive
 * increase, multiplicative decrease; Chiu and Jain, 1989).
 */
class Pace {
  readonly #clock: Clock;
  readonly #line = new Line<Paced>();
  #perSecond: number;
  #inHand = 0;
  #at: number;
  #refusedAt: number;
  #loweredAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#at = this.#refusedAt = this.#loweredAt = clock.now();
  }

  get isForgotten(): boolean {
    return this.#line.size === 0 && this.#clock.now() - this.#refusedAt > FORGOTTEN_AFTER_MS;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Lets a call pass, if it is its turn now. */
  passes(): boolean {
    return this.#line.size === 0 && this.#spend();
  }

  wait(who: Paced, caller: Caller, queue: number): Place<Paced> | undefined {
    if (this.#line.size >= queue) {
      const crowdedOut = this.#line.crowdOut(this.#line.waitingOf(caller) + 1);
      if (!crowdedOut) return undefined;
      crowdedOut.crowdedOut();
    }
    const place = this.#line.join(who, caller);
    this.#arm();
    return place;
  }

  answered(): void {
    this.#perSecond += 0.02;
  }

  /** Once a second at most: what was sent together is refused together. */
  refused(waitMs: number): void {
    const now = this.#clock.now();
    if (now - this.#loweredAt >= 1_000) {
      this.#perSecond = Math.max(1, this.#perSecond * 0.8);
      this.#loweredAt = now;
    }
    this.#refusedAt = now;
    this.#inHand = Math.min(this.#inHand, 0);
    this.#at = Math.max(this.#at, now + Math.min(waitMs, 1_000));
  }

  #spend(): boolean {
    const now = this.#clock.now();
    if (now > this.#at) {
      const most = Math.max(1, this.#perSecond / 10);
      this.#inHand = Math.min(most, this.#inHand + ((now - this.#at) * this.#perSecond) / 1_000);
      this.#at = now;
    }
    if (this.#inHand < 1) return false;
    this.#inHand -= 1;
    return true;
  }

  #arm(): void {
    if (this.#timer || this.#line.size === 0) return;
    const until = Math.max(0, this.#at - this.#clock.now());
    const ms = Math.ceil(until + ((1 - this.#inHand) * 1_000) / this.#perSecond);
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined;
        while (this.#line.size > 0 && this.#spend()) this.#line.serveNext(anybody, (who) => who.pass());
        this.#arm();
      },
      Math.max(1, ms),
    );
  }
}

/** The paces of one provider: of each credential that it has lately found used too often. */
export class Paces {
  readonly #clock: Clock;
  readonly #queue: number;
  readonly #all = new Map<string, Pace>();
  #secondAt = 0;
  #answered = 0;
  #answeredBefore = 0;
  #refused = 0;

  constructor(clock: Clock, queue: number) {
    this.#clock = clock;
    this.#queue = queue;
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    let count = 0;
    for (const pace of this.#all.values()) count += pace.waiting;
    return count;
  }

  /** Whether a call may pass at once; otherwise it `wait`s. */
  passes(credential: string): boolean {
    if (this.#all.size === 0) return true;
    const pace = this.#all.get(credential);
    if (!pace) return true;
    if (!pace.isForgotten) return pace.passes();
    this.#all.delete(credential);
    return true;
  }

  /** Waits for its turn; undefined when too many do. */
  wait(credential: string, who: Paced, caller: Caller): Place<Paced> | undefined {
    return this.#all.get(credential)?.wait(who, caller, this.#queue);
  }

  /** Is told of each answer. */
  answered(answer: Answer, credential: string, caller: Caller, now: number): void {
    if (now - this.#secondAt >= 1_000) {
      this.#answeredBefore = now - this.#secondAt < 2_000 ? this.#answered : 0;
      this.#answered = 0;
      this.#refused = 0;
      this.#secondAt = now;
    }
    const pace = this.#all.size > 0 ? this.#all.get(credential) : undefined;
    if (!isTooMuch(answer)) {
      this.#answered += 1;
      return pace?.answered();
    }
    if (pace) return pace.refused(retryAfterMsOf(answer) ?? 0);
    this.#refused += 1;
    const begins = this.#refused >= REFUSALS_OF_TOO_MUCH && caller !== UNKNOWN_OWNER;
    if (!begins || this.#all.size >= MOST_PACES) return;
    const rate = Math.max(LEAST_AT_FIRST, 0.9 * Math.max(this.#answered, this.#answeredBefore));
    const begun = new Pace(this.#clock, rate);
    this.#all.set(credential, begun);
    begun.refused(retryAfterMsOf(answer) ?? 0);
  }
}

const anybody = (): boolean => true;
