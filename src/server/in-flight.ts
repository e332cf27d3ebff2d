import { type Caller, UNKNOWN_OWNER } from '../http/caller.ts';
import type { Config } from '../settings/config.ts';
import { Refusal } from './answers.ts';

/** How many requests may be under way, all together and of one caller. */
export type MostInFlight = Pick<Config, 'maxInFlight' | 'maxInFlightPerCaller'>;

/** The requests that are under way: so many, and of one caller no more than a share. Whatever enters has to leave. */
export class InFlight {
  readonly #most: MostInFlight;
  readonly #byCaller = new Map<Caller, number>();
  #count = 0;

  constructor(most: MostInFlight) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws Refusal 503 when there are too many */
  enter(): void {
    if (this.#count >= this.#most.maxInFlight) throw overloaded();
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
  }

  /**
   * One that has entered turns out to be a caller's. Who is nobody in particular (an operator, or not logged in) has no
   * share. All whose token has not been identified are one caller, with half of the places: tokens can be invented.
   *
   * @throws Refusal 429 when the caller has too many, 503 when those whom nobody knows have
   */
  enterAs(caller: Caller): void {
    if (typeof caller === 'object') return;
    const { maxInFlight, maxInFlightPerCaller } = this.#most;
    const others = this.#byCaller.get(caller) ?? 0;
    if (caller === UNKNOWN_OWNER) {
      if (others >= Math.ceil(maxInFlight / 2)) throw overloaded();
    } else if (others >= maxInFlightPerCaller) {
      // Not a 503: there are proxies that take a server out of service for a few of those, and so from everybody.
      const message = `${maxInFlightPerCaller} of your requests are being answered. Wait for their answers.`;
      throw new Refusal(429, 'OVERLOADED', message, { 'retry-after': '1' });
    }
    this.#byCaller.set(caller, others + 1);
  }

  leaveAs(caller: Caller): void {
    const count = this.#byCaller.get(caller);
    if (count === undefined) return;
    if (count > 1) this.#byCaller.set(caller, count - 1);
    else this.#byCaller.delete(caller);
  }
}

function overloaded(): Refusal {
  const message = 'Too many requests are being answered. Try again in a second.';
  return new Refusal(503, 'OVERLOADED', message, { 'retry-after': '1' });
}
