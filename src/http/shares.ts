import { type Caller, UNKNOWN_OWNER } from './caller.ts';

/** How many connections there may be, how many of them one caller may have, and how many calls may wait for one. */
export interface ShareLimits {
  connections: number;
  /** Connections that one caller may have at once. */
  connectionsPerCaller: number;
  queue: number;
}

/**
 * Who has how many of the connections to one provider. Calls of unknown owners have a quarter of them together, and of
 * the line: anybody can make them.
 */
export class Shares {
  readonly #perCaller: number;
  readonly #unknown: { readonly connections: number; readonly queue: number };
  /** Cells, so that most changes take one look into the map. */
  readonly #held = new Map<Caller, { count: number }>();
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
  readonly roomOf = (caller: Caller): number => {
    const most = caller === UNKNOWN_OWNER ? this.#unknown.connections : this.#perCaller;
    return most - (this.#held.get(caller)?.count ?? 0);
  };

  readonly mayHave = (caller: Caller): boolean => this.roomOf(caller) > 0;

  /** How many calls of a caller may be in line, where that is limited; undefined otherwise. */
  mostInLine(caller: Caller): number | undefined {
    return caller === UNKNOWN_OWNER ? this.#unknown.queue + this.roomOf(caller) : undefined;
  }

  grant(caller: Caller): void {
    this.#taken += 1;
    const held = this.#held.get(caller);
    if (held) held.count += 1;
    else this.#held.set(caller, { count: 1 });
  }

  giveBack(caller: Caller): void {
    this.#taken -= 1;
    const held = this.#held.get(caller);
    if (held && held.count > 1) held.count -= 1;
    else this.#held.delete(caller);
  }
}

/** At least one: nobody could ever log in without. */
function quarter(count: number): number {
  return Math.max(1, Math.floor(count / 4));
}
