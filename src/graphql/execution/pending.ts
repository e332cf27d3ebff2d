import type { Completion } from './completion.ts';
import { errorAt } from './located-error.ts';
import type { Place } from './place.ts';
import type { Run } from './run.ts';

/** A part of an answer that is not there yet. Whoever gets one waits for it before anything else happens. */
export abstract class Pending {
  protected onValue: (value: unknown) => void = nobodyWaits;
  protected onError: (error: unknown) => void = nobodyWaits;

  /**
   * Has one of these called. They are passed and not assigned where they are written: V8 makes a function that is
   * assigned to a property in its old generation, where it keeps all that its request has made until that is collected.
   */
  wait(onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
    this.onValue = onValue;
    this.onError = onError;
  }
}

/** It has been given up, because of an error elsewhere. */
function nobodyWaits(): void {}

/**
 * Goes on after so many turns of the microtask queue. graphql-js hands an error on from promise to promise, and every
 * one takes a turn; the order of the errors in an answer comes of it, so it is kept where there are no promises.
 */
export function later(turns: number, go: () => void): void {
  queueMicrotask(turns === 1 ? go : () => later(turns - 1, go));
}

/** What stands in one place, as long as it is not there. */
export interface Part {
  readonly completion: Completion;
  readonly key: string | number;
  /** The place, for what has places further in. */
  readonly place: Place | undefined;
}

/** Turns until a `Promise.all`, and what follows it for objects, has passed an error on. */
export type Turns = 1 | 2;

/** An object or a list of which parts are not there yet: counted, where graphql-js makes promises of them all. */
export class PendingParts extends Pending {
  readonly #run: Run;
  readonly #parts: Record<string | number, unknown>;
  readonly #parent: Place | undefined;
  readonly #turns: Turns;
  #waiting = 0;
  #isOver = false;
  #thrown: { error: unknown } | undefined;

  constructor(run: Run, parts: Record<string | number, unknown>, parent: Place | undefined, turns: Turns) {
    super();
    this.#run = run;
    this.#parts = parts;
    this.#parent = parent;
    this.#turns = turns;
  }

  /** A part whose value is promised. */
  promised(promise: PromiseLike<unknown>, part: Part): void {
    this.#waiting += 1;
    promise.then(
      (value) => this.#resolved(value, part),
      (error) => later(1, () => this.#failed(error, part)),
    );
  }

  /** A part that has parts which are not there yet. `turns`: until an error of it is an error of this part. */
  pending(pending: Pending, part: Part, turns: Turns = 1): void {
    this.#waiting += 1;
    pending.wait(
      (value) => this.#done(part.key, value, turns),
      (error) => later(turns, () => this.#failed(error, part)),
    );
  }

  /** An error that leaves nothing of this. As with graphql-js, it is told when the other parts are there. */
  throws(error: unknown): void {
    this.#thrown = { error };
    this.#run.hasHeldErrors = true;
  }

  #resolved(value: unknown, part: Part): void {
    let completed: unknown;
    try {
      completed = part.completion.complete(this.#run, value, part.place);
    } catch (error) {
      return later(1, () => this.#failed(error, part));
    }
    if (!(completed instanceof Pending)) return this.#done(part.key, completed, 1);
    this.#waiting -= 1;
    return this.pending(completed, part, 2);
  }

  #failed(thrown: unknown, { completion, key, place }: Part): void {
    const error = errorAt(thrown, completion.field, this.#parent, key);
    if (completion.isNonNull) return this.#over(error);
    this.#run.nulls(error, this.#parent, place);
    return this.#done(key, null, 0);
  }

  #done(key: string | number, value: unknown, turns: number): void {
    this.#parts[key] = value;
    if (turns > 0 && this.#run.hasHeldErrors) later(turns, () => this.#count());
    else this.#count();
  }

  #count(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#isOver) return;
    if (this.#thrown) return this.#over(undefined);
    this.#isOver = true;
    if (this.#run.hasHeldErrors) later(this.#turns, () => this.onValue(this.#parts));
    else this.onValue(this.#parts);
  }

  #over(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const thrown = this.#thrown;
    if (thrown) later(3, () => this.onError(thrown.error));
    else later(this.#turns, () => this.onError(error));
  }
}

/** What is known when a promise has told which type it has. */
export class PendingType extends Pending {
  readonly #run: Run;

  constructor(run: Run, promise: PromiseLike<unknown>, complete: (told: unknown) => unknown) {
    super();
    this.#run = run;
    promise.then(
      (told) => this.#told(told, complete),
      (error) => this.onError(error),
    );
  }

  #told(told: unknown, complete: (told: unknown) => unknown): void {
    let completed: unknown;
    try {
      completed = complete(told);
    } catch (error) {
      return this.onError(error);
    }
    if (!(completed instanceof Pending)) return this.onValue(completed);
    completed.wait(
      (value) => (this.#run.hasHeldErrors ? later(1, () => this.onValue(value)) : this.onValue(value)),
      (error) => later(1, () => this.onError(error)),
    );
  }
}
