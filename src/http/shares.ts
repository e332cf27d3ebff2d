import { type Caller, UNKNOWN_OWNER } from './caller.ts';

/** How many connections there may be, how many of them one caller may have, and how many calls may wait for one. */
export interface ShareLimits {
  connections: number;
  /** Connections that one caller may have at once. */
  connectionsPerCaller: number;
  queue: number;
}

/** What one caller has of the connections. */
export interface Share {
  readonly caller: Caller;
  count: number;
}

/**
 * Who has how many of the connections to one provider. Calls of unknown owners have a quarter of them together, and of
 * the line: anybody can make them.
 */
export class Shares {
  readonly #perCaller: number;
  readonly #unknown: { readonly connections: number; readonly queue: number };
  readonly #held = new Map<Caller, Share>();
  #taken = 0;

  constructor({ connections, connectionsPerCaller, queue }: ShareLimits) {
    this.#perCaller = connectionsPerCaller;
    this.#unknown = { connections: quarter(connections), queue: quarter(queue) };
  }

  /** Connections that somebody has. */
  get taken(): number {
    return this.#taken;
  }

  /** How many more a caller may have. */
  readonly roomOf = (caller: Caller): number => this.#mostOf(caller) - (this.#held.get(caller)?.count ?? 0);

  readonly mayHave = (caller: Caller): boolean => this.roomOf(caller) > 0;

  /** How many calls of a caller may be in line, where that is limited; undefined otherwise. */
  mostInLine(caller: Caller): number | undefined {
    return caller === UNKNOWN_OWNER ? this.#unknown.queue + this.roomOf(caller) : undefined;
  }

  /** Grants a caller one more connection: their share, which is to have it back. Undefined when they may not have it. */
  grant(caller: Caller): Share | undefined {
    let share = this.#held.get(caller);
    if (!share) this.#held.set(caller, (share = { caller, count: 0 }));
    else if (share.count >= this.#mostOf(caller)) return undefined;
    share.count += 1;
    this.#taken += 1;
    return share;
  }

  giveBack(share: Share): void {
    this.#taken -= 1;
    share.count -= 1;
    if (share.count === 0) this.#held.delete(share.caller);
  }

  #mostOf(caller: Caller): number {
    return caller === UNKNOWN_OWNER ? this.#unknown.connections : this.#perCaller;
  }
}

/** At least one: nobody could ever log in without. */
function quarter(count: number): number {
  return Math.max(1, Math.floor(count / 4));
}
