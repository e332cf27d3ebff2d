/** Why an operation ends before it is answered: its time is over, or its client has gone. */
export type EndReason = 'deadline' | 'client left';

/** Something that ends early when the operation it belongs to does. */
export interface Endable {
  /** Called once. */
  end(reason: EndReason): void;
}

/**
 * How long the calls of one operation are worth making. An `AbortSignal` says the same, but to make one, listen to it
 * once and let it go takes 3 % of the processor time of a small operation.
 */
export class Lifetime {
  readonly #things = new Set<Endable>();
  #ended: EndReason | undefined;

  /** Why it is over, undefined while it is not. */
  get ended(): EndReason | undefined {
    return this.#ended;
  }

  /** Ends it, and all that goes with it. */
  end(reason: EndReason): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    for (const thing of this.#things) thing.end(reason);
  }

  /** Ends a thing together with this one, until it is let go. */
  add(thing: Endable): void {
    this.#things.add(thing);
  }

  /** A thing has come to its own end. */
  delete(thing: Endable): void {
    this.#things.delete(thing);
  }
}
