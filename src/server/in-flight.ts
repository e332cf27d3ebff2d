import { type Caller, UNKNOWN_OWNER } from '../http/caller.ts';
import type { Config } from '../settings/config.ts';
import { Refusal } from './answers.ts';

/** How many requests may be under way, all together and of one caller. */
export type MostInFlight = Pick<Config, 'maxInFlight' | 'maxInFlightPerCaller'>;

/** Who asks, as far as it is known when a request has come. */
export interface Asker {
  caller: Caller;
  isOperator: boolean;
}

/** All operators: the gateway vouches for them without saying which of them asks. */
const OPERATORS = Symbol('operators');
/** Whose place a request has: a person's by their id. */
type Share = string | typeof OPERATORS | typeof UNKNOWN_OWNER;

/** The requests that are under way: so many, and of one caller no more than a share. Whatever enters has to leave. */
export class InFlight {
  readonly #most: MostInFlight;
  readonly #byShare = new Map<Share, number>();
  #count = 0;

  constructor(most: MostInFlight) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Before anything of a request is read.
   *
   * @throws Refusal 503 when there are too many
   */
  expectRoom(): void {
    if (this.#count >= this.#most.maxInFlight) throw overloaded();
  }

  /**
   * Takes a place, which whoever leaves gives back. A person has a share of them. Those whom nobody knows have half of
   * them together, since anyone can be one of them as often as they like: who sent no login token, or one that has not
   * been identified. So have all operators.
   *
   * @throws Refusal 429 when a person has too many, 503 when there are, or the others have
   */
  enter({ caller, isOperator }: Asker): Share {
    this.expectRoom();
    const { maxInFlight, maxInFlightPerCaller } = this.#most;
    const share = isOperator ? OPERATORS : typeof caller === 'object' ? UNKNOWN_OWNER : caller;
    const others = this.#byShare.get(share) ?? 0;
    if (typeof share === 'symbol') {
      if (others >= Math.ceil(maxInFlight / 2)) throw overloaded();
    } else if (others >= maxInFlightPerCaller) {
      // Not a 503: there are proxies that take a server out of service for a few of those, and so from everybody.
      const message = `${maxInFlightPerCaller} of your requests are being answered. Wait for their answers.`;
      throw new Refusal(429, 'OVERLOADED', message, { 'retry-after': '1' });
    }
    this.#byShare.set(share, others + 1);
    this.#count += 1;
    return share;
  }

  leave(share: Share): void {
    this.#count -= 1;
    const count = this.#byShare.get(share) ?? 0;
    if (count > 1) this.#byShare.set(share, count - 1);
    else this.#byShare.delete(share);
  }
}

function overloaded(): Refusal {
  const message = 'Too many requests are being answered. Try again in a second.';
  return new Refusal(503, 'OVERLOADED', message, { 'retry-after': '1' });
}
