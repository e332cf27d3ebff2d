import type { Answer, Readings } from './answer.ts';
import { DecodeError, type Report } from './decode.ts';
import { failureByStatus, failureOfEnd, failureToDecode } from './failures.ts';
import type { Flight, Waiting } from './flight.ts';
import type { Endable, EndReason, Lifetime } from './lifetime.ts';
import type { UpstreamParts } from './parts.ts';
import { UpstreamError } from './upstream-error.ts';

/** What a caller is to be told. */
export interface Hearing<T> {
  resolve: (value: T) => void;
  reject: (error: UpstreamError) => void;
}

/**
 * One caller who waits for a flight, until the flight lands or the caller's own operation ends. Each decodes the
 * answer anew: callers may read it differently, and none gets an object that another can change.
 */
export class Waiter<T> implements Endable, Waiting {
  readonly #parts: UpstreamParts;
  readonly #flight: Flight;
  readonly #on: Readings<T>;
  readonly #hearing: Hearing<T>;
  #isTold = false;

  constructor(
    parts: UpstreamParts,
    flight: Flight,
    on: Readings<T>,
    lifetime: Lifetime,
    hearing: Hearing<T>,
  ) {
    this.#parts = parts;
    this.#flight = flight;
    this.#on = on;
    this.#hearing = hearing;
    lifetime.add(this);
  }

  /** The operation has ended. Whoever waits for a write that is under way goes on waiting: it will be done. */
  end(reason: EndReason): void {
    if (this.#isTold) return;
    const why = failureOfEnd(this.#parts.name, reason);
    if (this.#flight.leave(this, why)) this.failed(why);
  }

  answered(answer: Answer): void {
    const { name, log } = this.#parts;
    const { status } = answer;
    const { isRead } = this.#flight;
    const reading = answer.readingOf(this.#on);
    if (!reading || 'fails' in reading) {
      if (answer.isToBeTold()) log.warn({ provider: name, status }, 'An answer cannot be used.');
      return this.failed(failureByStatus(name, answer, isRead, reading?.fails));
    }
    let unreadable: UpstreamError | undefined;
    const report: Report = (path, expected) => {
      if (answer.isToBeTold(path))
        log.warn({ provider: name, status, path, expected }, 'Part of an answer cannot be read.');
      // One for all of them: each takes a stack, and they say the same.
      return (unreadable ??= new UpstreamError(name, 'invalid-response', { status, isPart: true }));
    };
    try {
      this.#hearing.resolve(answer.read(reading, report));
      this.#isTold = true;
    } catch (error) {
      const { path, expected } = error instanceof DecodeError ? error : { path: '', expected: 'decodable' };
      if (answer.isToBeTold())
        log.warn({ provider: name, status, path, expected }, 'An answer cannot be used.');
      this.failed(failureToDecode(name, answer, isRead));
    }
  }

  failed(error: UpstreamError): void {
    this.#isTold = true;
    this.#parts.counters.failures[error.failure] += 1;
    this.#hearing.reject(error);
  }
}
