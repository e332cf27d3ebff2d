import type { Caller } from './caller.ts';
import type { UpstreamParts } from './parts.ts';
import type { Lesson } from './trouble.ts';
import { UpstreamError } from './upstream-error.ts';

/** Whether one call may be sent, by its provider's breaker and by the time that is left; and what that breaker learns. */
export class Admission {
  readonly #parts: UpstreamParts;
  readonly #caller: Caller;
  #isTrial = false;
  #begunAt = 0;

  constructor(parts: UpstreamParts, caller: Caller) {
    this.#parts = parts;
    this.#caller = caller;
  }

  /** The call finds out whether the provider is well again, and is finished whoever leaves. */
  get isTrial(): boolean {
    return this.#isTrial;
  }

  /** An attempt begins; it may have to wait. */
  begins(now: number): void {
    this.#begunAt = now;
  }

  /** Why no attempt is to be made, if so; whatever is not refused may be the trial. */
  refusal(): UpstreamError | undefined {
    if (this.#isTrial) return undefined;
    const { name, breaker, counters } = this.#parts;
    const wait = breaker.refusesFor(this.#caller);
    if (wait === undefined) {
      this.#isTrial = breaker.admit();
      return undefined;
    }
    counters.failedFast += 1;
    if (counters.lastingFault) return new UpstreamError(name, 'unreachable');
    const retryAfterSeconds = Math.max(1, Math.ceil(wait / 1000));
    return new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds });
  }

  /** Why no attempt is to be made any more after a wait, if so. */
  lateRefusal(deadline: number, now: number): UpstreamError | undefined {
    const { counters, timeoutMs } = this.#parts;
    // Time may have passed: whoever asked may have gone, and the provider may have failed. With less time left than the
    // last answer took, and some to spare, a call is likely to time out: that would look like the provider's trouble,
    // and take the time of those behind.
    const toSpare = timeoutMs / 10;
    const hasWaited = now - this.#begunAt > toSpare;
    const isLate = hasWaited && deadline - now < counters.latency.lastAnswerMs + toSpare;
    return this.refusal() ?? (isLate ? this.tooManyWait() : undefined);
  }

  tooManyWait(): UpstreamError {
    const { name, counters } = this.#parts;
    counters.refused += 1;
    return new UpstreamError(name, 'unavailable', { retryable: true, retryAfterSeconds: 1 });
  }

  /** An attempt has shown this. */
  learn(lesson: Lesson): void {
    if (this.#isTrial) this.#conclude(lesson);
    else this.#parts.breaker.learn(lesson);
  }

  /** The call has ended: a trial without an outcome is somebody else's to make. */
  end(): void {
    if (this.#isTrial) this.#conclude('nothing');
  }

  #conclude(lesson: Lesson): void {
    this.#isTrial = false;
    this.#parts.breaker.conclude(lesson, this.#caller);
  }
}
