import type { Caller } from './caller.ts';
import type { Lesson, Trouble } from './trouble.ts';

/** `closed` lets calls through, `open` refuses them, `half-open` waits for the outcome of one trial. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What troubles must weigh together, without a call in between that went well, to open a breaker. */
const WEIGHT_OF_A_FAILURE = 5;

/** What a breaker needs to know. */
export interface BreakerOptions {
  /** How long an open breaker refuses before it lets one call through, in milliseconds. */
  coolDownMs: number;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  onChange: (state: BreakerState) => void;
}

/**
 * Stops asking a provider in trouble. Our own rather than a library's, which count failures: here it matters whose they
 * are, for one caller's record that makes a provider stumble must not close it to everybody.
 */
export class Breaker {
  readonly #coolDownMs: number;
  readonly #now: () => number;
  readonly #onChange: (state: BreakerState) => void;
  #state: BreakerState = 'closed';
  #weight = 0;
  /** What the troubles since the last call that went well were about. */
  readonly #known = new Set<string>();
  /** Those whose trial has failed since it opened: the others come first. */
  readonly #tried = new Set<Caller>();
  #trialAt = 0;

  constructor({ coolDownMs, now, onChange }: BreakerOptions) {
    this.#coolDownMs = coolDownMs;
    this.#now = now;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds until asking again may help, when a call is to be refused now; undefined when it may pass. */
  refusesFor(caller: Caller): number | undefined {
    if (this.#state === 'closed') return undefined;
    if (this.#state === 'half-open') return 0;
    const wait = this.#trialAt + (this.#tried.has(caller) ? this.#coolDownMs : 0) - this.#now();
    return wait > 0 ? wait : undefined;
  }

  /** Lets a call through that was not refused. True for a trial: whoever makes it is to `conclude` it. */
  admit(): boolean {
    if (this.#state === 'closed') return false;
    this.#become('half-open');
    return true;
  }

  /** Is told what an ordinary call has shown. */
  learn(lesson: Lesson): void {
    // Nothing that began before it opened is mistaken for the trial.
    if (this.#state !== 'closed' || lesson === 'nothing') return;
    if (lesson === 'well') return this.#forget();
    if (!this.#isNew(lesson)) return;
    this.#weight += lesson.weight;
    if (this.#weight >= WEIGHT_OF_A_FAILURE) this.#open();
  }

  /** Is told what the trial has shown. After nothing, the next call is the trial. */
  conclude(lesson: Lesson, caller: Caller): void {
    if (lesson === 'well') {
      this.#forget();
      this.#tried.clear();
      return this.#become('closed');
    }
    if (this.#tried.size >= MOST_TRIED) this.#tried.clear();
    this.#tried.add(caller);
    if (lesson !== 'nothing') return this.#open();
    this.#trialAt = this.#now();
    this.#become('open');
  }

  #open(): void {
    this.#forget();
    this.#trialAt = this.#now() + this.#coolDownMs;
    this.#become('open');
  }

  /** Whether neither the record nor where the trouble comes from has been counted. */
  #isNew({ record, source }: Trouble): boolean {
    if (record === null) return true;
    if (this.#known.has(record) || this.#known.has(source)) return false;
    this.#known.add(record).add(source);
    return true;
  }

  #forget(): void {
    if (this.#weight === 0) return;
    this.#weight = 0;
    this.#known.clear();
  }

  #become(state: BreakerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onChange(state);
  }
}

const MOST_TRIED = 1_000;
