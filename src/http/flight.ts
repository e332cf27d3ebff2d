import { Answer } from './answer.ts';
import { Exchange, isSendable, type WireRequest } from './exchange.ts';
import { failureWithoutAnswer, retryAfterMsOf } from './failures.ts';
import type { Outcome, UpstreamParts } from './parts.ts';
import { nextDelay } from './retry.ts';
import { countLatency } from './stats.ts';
import { UpstreamError } from './upstream-error.ts';

/** Somebody who waits for a flight. */
export interface Waiting {
  answered(answer: Answer): void;
  failed(error: UpstreamError): void;
}

/**
 * One call under way, for everybody who waits for it: its place in line, its attempts and the pauses between them,
 * all within one time limit. At any moment it waits for one thing, and `#interrupt` ends that wait.
 */
export class Flight {
  /** A GET: it may be repeated, shared and given up. */
  readonly isRead: boolean;
  readonly #parts: UpstreamParts;
  readonly #request: WireRequest;
  readonly #closed: () => void;
  readonly #waiting = new Set<Waiting>();
  #exchange: Exchange | undefined;
  #interrupt: (why: UpstreamError) => void = () => {};
  #interrupted: UpstreamError | undefined;

  /** `closed` is called when it is too late to join. */
  constructor(parts: UpstreamParts, request: WireRequest, closed: () => void) {
    this.isRead = request.method === 'GET';
    this.#parts = parts;
    this.#request = request;
    this.#closed = closed;
  }

  /** From now on to be told how it ends. */
  join(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  /**
   * Not to be told any more; a flight that nobody waits for is given up. False when that cannot be: a write that may
   * have reached the provider is waited for, whoever has gone.
   */
  leave(waiting: Waiting): boolean {
    if (!this.isRead && this.#exchange?.isSent) return false;
    this.#waiting.delete(waiting);
    if (this.#waiting.size === 0) {
      this.#closed();
      this.#giveUp(new UpstreamError(this.#parts.name, 'cancelled'));
    }
    return true;
  }

  /** Makes the call and tells whoever has joined. */
  async start(): Promise<void> {
    const { name, clock, timeoutMs } = this.#parts;
    const deadline = clock.now() + timeoutMs;
    const limit = clock.setTimeout(
      () => this.#giveUp(new UpstreamError(name, 'timeout', { retryable: true })),
      timeoutMs,
    );
    try {
      const answer = await this.#answerBefore(deadline);
      this.#closed();
      for (const waiting of this.#waiting) waiting.answered(answer);
    } catch (error) {
      this.#closed();
      for (const waiting of this.#waiting) waiting.failed(error as UpstreamError);
    } finally {
      clock.clearTimeout(limit);
    }
  }

  async #answerBefore(deadline: number): Promise<Answer> {
    const { name, budget, log } = this.#parts;
    // All of a request is ours but for the credential, so it is the credential that is at fault.
    if (!isSendable(this.#request)) throw new UpstreamError(name, 'credentials-rejected');
    budget.earn();
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(attempt);
      if (!(outcome instanceof Answer))
        log.warn({ provider: name, attempt, ...outcome }, 'A provider gave no answer.');
      const delay = this.#delayAfter(attempt, outcome, deadline);
      if (delay === null) {
        if (outcome instanceof Answer) return outcome;
        throw failureWithoutAnswer(name, outcome, this.isRead);
      }
      if (delay > 0) await this.#pause(delay);
    }
  }

  async #attempt(number: number): Promise<Outcome> {
    const { pool, slots, breaker, counters, clock } = this.#parts;
    this.#failFast();
    if (!slots.take()) await this.#standInLine();
    // Once begun, it is the exchange that gives the slot back.
    const exchange = new Exchange(() => slots.release());
    this.#exchange = exchange;
    // Out of time is an outcome, from which the breaker learns; to be left alone is none.
    this.#interrupt = (why) => (why.failure === 'timeout' ? exchange.expire() : exchange.abandon(why));
    counters.calls += 1;
    if (number > 1) counters.retries += 1;
    const began = clock.now();
    try {
      return await breaker.run(() => exchange.begin(pool, this.#request));
    } finally {
      countLatency(counters, clock.now() - began);
    }
  }

  /** Milliseconds until the next attempt, null when there is none. */
  #delayAfter(attempt: number, outcome: Outcome, deadline: number): number | null {
    if (!this.isRead) return null;
    const { retries, clock, random, breaker, budget } = this.#parts;
    const answered = outcome instanceof Answer;
    const delay = nextDelay(
      {
        number: attempt,
        outcome: answered ? outcome.status : outcome.broken,
        retryAfterMs: answered ? retryAfterMsOf(outcome) : undefined,
      },
      { retries, remainingMs: deadline - clock.now(), random },
    );
    return delay !== null && breaker.refusesFor() === undefined && budget.spend() ? delay : null;
  }

  #failFast(): void {
    if (this.#interrupted) throw this.#interrupted;
    const { name, breaker, counters } = this.#parts;
    const wait = breaker.refusesFor();
    if (wait === undefined) return;
    counters.failedFast += 1;
    const retryAfterSeconds = Math.max(1, Math.ceil(wait / 1000));
    throw new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds });
  }

  async #standInLine(): Promise<void> {
    const { name, slots, counters } = this.#parts;
    if (slots.isFull) {
      counters.refused += 1;
      throw new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds: 1 });
    }
    await this.#wait((granted) => slots.wait(granted));
    try {
      // Time has passed: whoever asked may have gone, and the provider may have failed.
      this.#failFast();
    } catch (error) {
      slots.release();
      throw error;
    }
  }

  async #pause(ms: number): Promise<void> {
    const { clock } = this.#parts;
    await this.#wait((done) => {
      const timer = clock.setTimeout(done, ms);
      return () => clock.clearTimeout(timer);
    });
  }

  /** Waits for `begin` to call back; the function it returns stops it when the wait is interrupted. */
  #wait(begin: (done: () => void) => () => void): Promise<void> {
    if (this.#interrupted) return Promise.reject(this.#interrupted);
    return new Promise((resolve, reject) => {
      const stop = begin(resolve);
      this.#interrupt = (why) => {
        stop();
        reject(why);
      };
    });
  }

  #giveUp(why: UpstreamError): void {
    this.#interrupted ??= why;
    this.#interrupt(why);
  }
}
