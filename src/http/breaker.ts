import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';

/** `closed` lets calls through, `open` refuses them, `half-open` waits for the outcome of one trial. */
export type BreakerState = 'closed' | 'open' | 'half-open';

const STATES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
};

const FAILURES_IN_A_ROW = 5;

/**
 * Is told how a call ended, null when it was given up: from that nothing is learned. What it returns, if anything, is
 * to be waited for: until then it is not known whether further calls may pass.
 */
export type Verdict<T> = (outcome: T | null) => Promise<unknown> | undefined;

/** What a breaker needs to know. */
export interface BreakerOptions<T> {
  /** Whether an outcome speaks of a provider in trouble; any other shows that it is well. */
  isTrouble: (outcome: T) => boolean;
  /** How long an open breaker refuses before it lets one call through, in milliseconds. */
  coolDownMs: number;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  onChange: (state: BreakerState) => void;
}

/**
 * Stops asking a provider in trouble. The counting and the states are cockatiel's; whether a call may pass is decided
 * here, because cockatiel goes by the wall clock, and makes calls that arrive during the trial wait for its outcome.
 */
export class Breaker<T> {
  readonly #row = new ConsecutiveBreaker(FAILURES_IN_A_ROW);
  readonly #policy;
  readonly #isTrouble: (outcome: T) => boolean;
  readonly #now: () => number;
  #trialAt = 0;

  constructor({ isTrouble, coolDownMs, now, onChange }: BreakerOptions<T>) {
    this.#isTrouble = isTrouble;
    this.#now = now;
    // A trial that is given up proves nothing, so it leaves the breaker open like one that fails.
    this.#policy = circuitBreaker(
      handleAll.orWhenResult((outcome) => isTrouble(outcome as T)),
      { breaker: this.#row, halfOpenAfter: Number.NEGATIVE_INFINITY },
    );
    this.#policy.onBreak(() => (this.#trialAt = now() + coolDownMs));
    this.#policy.onStateChange((state) => onChange(STATES[state]));
  }

  get state(): BreakerState {
    return STATES[this.#policy.state];
  }

  /** Milliseconds until asking again may help, when a call is to be refused now; undefined when it may pass. */
  refusesFor(): number | undefined {
    if (this.#policy.state === CircuitState.Closed) return undefined;
    if (this.#policy.state === CircuitState.HalfOpen) return 0;
    const wait = this.#trialAt - this.#now();
    return wait > 0 ? wait : undefined;
  }

  /** Lets a call through that was not refused. Whoever makes it is to tell how it ended. */
  admit(): Verdict<T> {
    return this.#policy.state === CircuitState.Closed ? this.#learn : this.#trial();
  }

  readonly #learn: Verdict<T> = (outcome) => {
    // Cockatiel hears only what can change its mind: to hear everything costs 2 % of a GET. And nothing that began
    // before it opened is mistaken for the trial.
    const isNews = outcome !== null && (this.#row.state > 0 || this.#isTrouble(outcome));
    if (!isNews || this.#policy.state !== CircuitState.Closed) return undefined;
    return this.#policy.execute(() => outcome);
  };

  #trial(): Verdict<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const over = this.#policy.execute(() => promise).catch(() => {});
    return (outcome) => {
      if (outcome === null) reject(new Error('given up'));
      else resolve(outcome);
      return over;
    };
  }
}
