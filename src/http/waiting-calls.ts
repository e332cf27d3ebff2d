import type { Caller } from './caller.ts';
import type { Connection } from './connection.ts';
import type { NoAnswer } from './no-answer.ts';
import { Line } from './line.ts';

/** A call that waits for a connection. It is told one of these, once, unless it leaves before. */
export interface InLine {
  granted(connection: Connection): void;
  /** The connection that it might have had cannot be opened. */
  notConnected(why: NoAnswer): void;
  /** The line is full, and whoever asks for most makes room. */
  crowdedOut(): void;
  /** The provider has failed: is it still worth waiting? */
  reconsider(): void;
}

/** The calls that wait for a connection to one provider: those that any will do for, and those that need a new one. */
export class WaitingCalls {
  readonly forAny = new Line<InLine>();
  readonly forNew = new Line<InLine>();

  get size(): number {
    return this.forAny.size + this.forNew.size;
  }

  waitingOf(caller: Caller): number {
    return this.forAny.waitingOf(caller) + this.forNew.waitingOf(caller);
  }

  /** Has whoever has most in a line leave one place of it, if that is more than `count`; false otherwise. */
  crowdOut(count: number): boolean {
    const crowdedOut = this.forAny.crowdOut(count) ?? this.forNew.crowdOut(count);
    crowdedOut?.crowdedOut();
    return crowdedOut !== undefined;
  }

  /** The provider has failed: whoever is in line need not wait for it. */
  reconsider(): void {
    for (const line of [this.forAny, this.forNew]) for (const who of line.everyone()) who.reconsider();
  }

  /** Tells whoever is next that there is no connection; those that need a new one first. */
  refuseNext(why: NoAnswer): void {
    const tell = (who: InLine) => who.notConnected(why);
    if (!this.forNew.serveNext(anybody, tell)) this.forAny.serveNext(anybody, tell);
  }
}

const anybody = (): boolean => true;
