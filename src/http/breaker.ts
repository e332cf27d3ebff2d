import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';

/** `closed` lets calls through, `open` refuses them, `half-open` waits for the outcome of one trial. */
export type BreakerState = 'closed' | 'open' | 'half-open';

const STATES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
};

const FAILURES_IN_A_ROW = 5;

/** What a breaker needs to know. */
export interface BreakerOptions<T> {
  /** How long an open breaker refuses before it lets one call through, in milliseconds. */
  coolDownMs: number;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  /** Whether an outcome speaks of a provider in trouble; any other outcome shows that it is well. */
  isTrouble: (outcome: T) => boolean;
  /** Whether giving an attempt up for this reason speaks of trouble; otherwise it says nothing. */
  isTroubleToGiveUp: (why: unknown) => boolean;
  onChange: (state: BreakerState) => void;
}

/**
 * Stops asking a provider in trouble. The counting and the states are cockatiel's; when to let a call through is
 * decided here, because there it depends on the wall clock, and calls that arrive during the trial wait for its
 * outcome instead of failing fast.
 */
export class Breaker<T> {
  readonly #policy;
  readonly #now: () => number;
  #trialAt = 0;

  constructor({ coolDownMs, now, isTrouble, isTroubleToGiveUp, onChange }: BreakerOptions<T>) {
    this.#now = now;
    this.#policy = circuitBreaker(
      // A trial that is given up proves nothing, but cockatiel would close on it: it has to count as a failure.
      handleWhen(
        (error) => isTroubleToGiveUp(error) || this.#policy.state === CircuitState.HalfOpen,
      ).orWhenResult((outcome) => isTrouble(outcome as T)),
      { breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW), halfOpenAfter: Number.NEGATIVE_INFINITY },
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

  /** Runs a call that was not refused, and learns from its outcome. */
  run(attempt: () => Promise<T>): Promise<T> {
    return this.#policy.execute(attempt);
  }
}
