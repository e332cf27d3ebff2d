import type { Clock } from './clock.ts';

/** Something that may take so long and no longer. */
export interface Limited {
  /** The time is over. */
  isOverdue(): void;
}

/** Something that the time is running for. */
class Running {
  what: Limited | undefined;
  readonly until: number;
  before: Running | undefined;
  after: Running | undefined;

  constructor(what: Limited, until: number) {
    this.what = what;
    this.until = until;
  }
}

export type { Running };

/**
 * One time limit for many things. What began first is over first, so one timer does for all of them: one for each is 1 to
 * 2 % of the processor time of an operation with ten calls.
 */
export class TimeLimit {
  readonly #ms: number;
  readonly #clock: Clock;
  #first: Running | undefined;
  #last: Running | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, clock: Clock) {
    this.#ms = ms;
    this.#clock = clock;
  }

  /** The time begins to run for something. What is returned ends that. */
  begin(what: Limited, now: number): Running {
    const running = new Running(what, now + this.#ms);
    running.before = this.#last;
    if (this.#last) this.#last.after = running;
    else this.#first = running;
    this.#last = running;
    if (!this.#timer) this.#arm(this.#ms);
    return running;
  }

  /** Once it has ended, or is overdue, there is nothing to do. */
  end(running: Running): void {
    if (!running.what) return;
    const { before, after } = running;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    // Nothing is held on to: what is in V8's old generation already would keep all that has come after it.
    running.what = running.before = running.after = undefined;
    if (this.#first || !this.#timer) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined;
        const now = this.#clock.now();
        for (let first = this.#first; first && first.until <= now; first = this.#first) {
          const { what } = first;
          this.end(first);
          what?.isOverdue();
        }
        // What is over may have begun something anew.
        if (this.#first && !this.#timer) this.#arm(this.#first.until - now);
      },
      Math.max(1, Math.ceil(ms)),
    );
  }
}
