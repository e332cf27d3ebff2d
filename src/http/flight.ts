import { Answer } from './answer.ts';
import { CONNECTION_FAULTS } from './connection-faults.ts';
import type { Connection } from './connections.ts';
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
  /** Called when it is too late to join. */
  closed: () => void = nothing;
  readonly #parts: UpstreamParts;
  readonly #request: WireRequest;
  #waiting: Waiting[] = [];
  #attempt = 0;
  #deadline = 0;
  #limit: NodeJS.Timeout | undefined;
  #exchange: Exchange | undefined;
  #interrupt: (why: UpstreamError) => void = nothing;
  #interrupted: UpstreamError | undefined;

  constructor(parts: UpstreamParts, request: WireRequest) {
    this.isRead = request.method === 'GET';
    this.#parts = parts;
    this.#request = request;
  }

  /** From now on to be told how it ends. */
  join(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /**
   * Not to be told any more; a flight that nobody waits for is given up. False when that cannot be: a write that may
   * have reached the provider is waited for, whoever has gone.
   */
  leave(waiting: Waiting, why: UpstreamError): boolean {
    if (!this.isRead && this.#exchange?.isSent) return false;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    if (this.#waiting.length === 0) {
      this.closed();
      this.#giveUp(why);
    }
    return true;
  }

  /** Makes the call and tells whoever has joined. */
  start(): void {
    const { name, clock, timeoutMs, budget } = this.#parts;
    this.#deadline = clock.now() + timeoutMs;
    this.#limit = clock.setTimeout(
      () => this.#giveUp(new UpstreamError(name, 'timeout', { retryable: true })),
      timeoutMs,
    );
    // All of a request is ours but for the credential, so it is the credential that is at fault.
    if (!isSendable(this.#request)) return this.#fail(new UpstreamError(name, 'credentials-rejected'));
    budget.earn();
    this.#takeOff();
  }

  /** Makes an attempt, now or when there is a connection. */
  #takeOff(): void {
    const { connections, counters, clock, timeoutMs } = this.#parts;
    const refusal = this.#refusal();
    if (refusal) return this.#fail(refusal);
    const free = connections.take();
    if (free) return this.#send(free);
    if (connections.isFull) return this.#fail(this.#tooManyWait());
    const leaveLine = connections.wait((connection) => {
      // Time has passed: whoever asked may have gone, and the provider may have failed. With less time left than the
      // last answer took, and some to spare, a call is likely to time out: that would look like the provider's trouble,
      // and take the time of those behind.
      const isLate = this.#deadline - clock.now() < counters.latency.lastAnswerMs + timeoutMs / 10;
      const lateRefusal = this.#refusal() ?? (isLate ? this.#tooManyWait() : undefined);
      if (!lateRefusal) return this.#send(connection);
      connections.release(connection);
      this.#fail(lateRefusal);
    });
    this.#interrupt = (why) => {
      leaveLine();
      this.#fail(why);
    };
  }

  /** Makes an attempt. Once begun, it is the exchange that gives the connection back. */
  #send(connection: Connection): void {
    const { connections, breaker, counters, clock, timeoutMs } = this.#parts;
    this.#attempt += 1;
    counters.calls += 1;
    if (this.#attempt > 1) counters.retries += 1;
    const verdict = breaker.admit();
    const began = clock.now();
    const exchange = new Exchange(
      () => connections.release(connection),
      (outcome) => {
        this.#interrupt = nothing;
        const took = clock.now() - began;
        countLatency(counters, took);
        if (outcome instanceof Answer) counters.latency.lastAnswerMs = took;
        const learning = verdict(outcome);
        if (learning) void learning.then(() => this.#decide(outcome));
        else this.#decide(outcome);
      },
    );
    this.#exchange = exchange;
    this.#interrupt = (why) => {
      // Out of time, be it the call's or the operation's, is an outcome from which the breaker learns. To be left alone
      // is none, and neither is it when little of the time was the provider's to use; but a write has one in any case.
      const hadTime = clock.now() - began >= timeoutMs / 2;
      if (why.failure === 'timeout' && (hadTime || !this.isRead)) return exchange.expire();
      exchange.abandon();
      countLatency(counters, clock.now() - began);
      void verdict(null);
      this.#fail(why);
    };
    exchange.begin(connection, this.#request);
  }

  /** Lands, fails or tries again. */
  #decide(outcome: Outcome): void {
    const { name, log, clock, counters } = this.#parts;
    const isAnswer = outcome instanceof Answer;
    counters.lastingFault = undefined;
    if (!isAnswer) {
      const { fault } = outcome;
      if (outcome.broken === 'misconfigured') counters.lastingFault = fault;
      if (fault) counters.connectionFaults[fault] += 1;
      const why = fault && CONNECTION_FAULTS[fault].why;
      log.warn({ provider: name, attempt: this.#attempt, ...outcome, why }, 'A provider gave no answer.');
    }
    const delay = this.#delayAfter(outcome);
    if (delay === null) {
      if (isAnswer) return this.#end((waiting) => waiting.answered(outcome));
      return this.#fail(failureWithoutAnswer(name, outcome, this.isRead));
    }
    if (delay === 0 || this.#interrupted) return this.#takeOff();
    const pause = clock.setTimeout(() => this.#takeOff(), delay);
    this.#interrupt = (why) => {
      clock.clearTimeout(pause);
      this.#fail(why);
    };
  }

  /** Milliseconds until the next attempt, null when there is none. */
  #delayAfter(outcome: Outcome): number | null {
    if (!this.isRead) return null;
    const { retries, clock, random, breaker, budget } = this.#parts;
    const answered = outcome instanceof Answer;
    const delay = nextDelay(
      {
        number: this.#attempt,
        outcome: answered ? outcome.status : outcome.broken,
        retryAfterMs: answered ? retryAfterMsOf(outcome) : undefined,
      },
      { retries, remainingMs: this.#deadline - clock.now(), random },
    );
    return delay !== null && breaker.refusesFor() === undefined && budget.spend() ? delay : null;
  }

  /** Why no attempt is to be made, if so. */
  #refusal(): UpstreamError | undefined {
    if (this.#interrupted) return this.#interrupted;
    const { name, breaker, counters } = this.#parts;
    const wait = breaker.refusesFor();
    if (wait === undefined) return undefined;
    counters.failedFast += 1;
    if (counters.lastingFault) return new UpstreamError(name, 'unreachable');
    const retryAfterSeconds = Math.max(1, Math.ceil(wait / 1000));
    return new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds });
  }

  #tooManyWait(): UpstreamError {
    const { name, counters } = this.#parts;
    counters.refused += 1;
    return new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds: 1 });
  }

  #giveUp(why: UpstreamError): void {
    this.#interrupted ??= why;
    this.#interrupt(why);
  }

  #fail(why: UpstreamError): void {
    this.#end((waiting) => waiting.failed(why));
  }

  #end(tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#parts.clock.clearTimeout(this.#limit as NodeJS.Timeout);
    this.closed();
    // Nothing is held on to, so that whatever may still hold the flight holds nothing else.
    this.closed = nothing;
    this.#limit = undefined;
    this.#waiting = [];
    this.#exchange = undefined;
    this.#interrupt = nothing;
    for (const each of waiting) tell(each);
  }
}

function nothing(): void {}
