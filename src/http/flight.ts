import { Admission } from './admission.ts';
import { Answer, speaksOfItsConnection } from './answer.ts';
import type { Caller } from './caller.ts';
import type { Connection } from './connection.ts';
import type { Needs } from './connections.ts';
import { Exchange, type Outcome, type Sender } from './exchange.ts';
import { failureWithoutAnswer, retryAfterMsOf } from './failures.ts';
import type { Place } from './line.ts';
import type { NoAnswer } from './no-answer.ts';
import { noteNoAnswer } from './note-no-answer.ts';
import type { Paced } from './pace.ts';
import type { UpstreamParts } from './parts.ts';
import { pathOfRedirect } from './redirect.ts';
import { nextDelay } from './retry.ts';
import { countLatency } from './stats.ts';
import type { Limited, Running } from './time-limit.ts';
import { lessonOf } from './trouble.ts';
import { UpstreamError } from './upstream-error.ts';
import type { InLine } from './waiting-calls.ts';
import type { WireRequest } from './wire-request.ts';

/** Somebody who waits for a flight. */
export interface Waiting {
  answered(answer: Answer): void;
  failed(error: UpstreamError): void;
}

type PlaceInLine = Pick<Place<unknown>, 'leave' | 'alsoFor'>;

/**
 * One call under way, for everybody who waits for it: its place in line, its attempts and the pauses between them,
 * all within one time limit. At any moment it waits for one thing, and `#interrupt` ends that wait. It is one state
 * machine, so it is one class: what could be told apart is (whether it may be sent, `Admission`; one attempt on the wire,
 * `Exchange`; who is told, `Waiter`).
 */
export class Flight implements InLine, Limited, Paced, Sender {
  /** A GET: it may be repeated, shared and given up. */
  readonly isRead: boolean;
  /** Called when it is too late to join. */
  closed: () => void = nothing;
  readonly #parts: UpstreamParts;
  readonly #credential: string;
  readonly #caller: Caller;
  readonly #admission: Admission;
  #request: WireRequest;
  #isRedirected = false;
  #waiting: Waiting[] = [];
  #attempt = 0;
  #deadline = 0;
  #running: Running | undefined;
  #place: PlaceInLine | undefined;
  #exchange: Exchange | undefined;
  /** When that began. */
  #exchangeAt = 0;
  #pause: NodeJS.Timeout | undefined;
  /**
   * A write has a connection of its own: whatever was kept may be closed by the other side at any time, and who cannot
   * repeat would not know whether that was before or after the request.
   */
  #needs: Needs;
  /** It has met a connection that the other side had given up: once is nobody's trouble. */
  #hasMetStale = false;
  #interrupted: UpstreamError | undefined;

  constructor(parts: UpstreamParts, request: WireRequest, credential: string, caller: Caller) {
    this.isRead = request.method === 'GET';
    this.#needs = this.isRead ? 'any' : 'new';
    this.#parts = parts;
    this.#request = request;
    this.#credential = credential;
    this.#caller = caller;
    this.#admission = new Admission(parts, caller);
  }

  /** From now on to be told how it ends. */
  join(waiting: Waiting, caller: Caller): void {
    this.#waiting.push(waiting);
    this.#place?.alsoFor(caller);
  }

  /**
   * Not to be told any more; a flight that nobody waits for is given up. False when that cannot be: a write that may
   * have reached the provider is waited for, whoever has gone.
   */
  leave(waiting: Waiting, why: UpstreamError): boolean {
    if (!this.isRead && this.#exchange?.isSent) return false;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    if (this.#waiting.length === 0 && !(this.isRead && this.#admission.isTrial)) {
      this.closed();
      this.#giveUp(why);
    }
    return true;
  }

  /** Makes the call and tells whoever has joined. */
  start(): void {
    const { name, clock, timeLimit, budget } = this.#parts;
    const now = clock.now();
    this.#running = timeLimit.begin(this, now);
    this.#deadline = this.#running.until;
    // All of a request is ours but for the credential, so it is the credential that is at fault.
    if (!this.#request.isSendable) return this.#fail(new UpstreamError(name, 'credentials-rejected'));
    budget.earn();
    this.#takeOff(now);
  }

  /** Makes an attempt when it is its turn; whether a repeat is too much is asked of the budget instead. */
  #takeOff(now = this.#parts.clock.now()): void {
    const { paces } = this.#parts;
    const refusal = this.#refusal();
    if (refusal) return this.#fail(refusal);
    this.#admission.begins(now);
    if (this.#attempt > 0 || paces.passes(this.#credential)) return this.#connects(now);
    this.#waitsIn(paces.wait(this.#credential, this, this.#caller));
  }

  pass(): void {
    this.#place = undefined;
    const now = this.#parts.clock.now();
    const refusal = this.#lateRefusal(now);
    if (refusal) return this.#fail(refusal);
    this.#connects(now);
  }

  /** Makes an attempt, now or when there is a connection. */
  #connects(now: number): void {
    const { connections } = this.#parts;
    const free = connections.take(this.#caller, this.#needs);
    if (free) return this.#send(free, now);
    this.#waitsIn(connections.wait(this, this.#caller, this.#needs));
  }

  #waitsIn(place: PlaceInLine | undefined): void {
    if (!place) return this.crowdedOut();
    this.#place = place;
  }

  granted(connection: Connection): void {
    this.#place = undefined;
    const now = this.#parts.clock.now();
    const refusal = this.#lateRefusal(now);
    if (!refusal) return this.#send(connection, now);
    this.#parts.connections.release(connection);
    this.#fail(refusal);
  }

  notConnected(why: NoAnswer): void {
    this.#place = undefined;
    this.#begins();
    this.#ends(why);
  }

  crowdedOut(): void {
    this.#place = undefined;
    this.#fail(this.#admission.tooManyWait());
  }

  reconsider(): void {
    const refusal = this.#refusal();
    if (!refusal) return;
    this.#leaveLine();
    this.#fail(refusal);
  }

  #leaveLine(): void {
    this.#place?.leave();
    this.#place = undefined;
  }

  #begins(): void {
    const { counters } = this.#parts;
    counters.calls += 1;
    this.#attempt += 1;
    if (this.#attempt > 1) counters.retries += 1;
  }

  /** Makes an attempt. Once begun, it is the exchange that gives the connection back. */
  #send(connection: Connection, now: number): void {
    this.#begins();
    this.#exchange = new Exchange(connection, this.#parts.connections, this);
    this.#exchangeAt = now;
    this.#exchange.begin(this.#request);
  }

  ended(outcome: Outcome, exchange: Exchange): void {
    const { counters, clock, paces } = this.#parts;
    const now = clock.now();
    const took = now - this.#exchangeAt;
    countLatency(counters, took);
    if (outcome instanceof Answer) {
      counters.latency.lastAnswerMs = took;
      paces.answered(outcome, this.#credential, this.#caller, now);
    } else if (this.#isStale(outcome, exchange)) return this.#sendAnew();
    this.#ends(outcome);
  }

  /** Ends the wait for whatever it waits for. */
  #interrupt(why: UpstreamError): void {
    if (this.#exchange) return this.#interruptExchange(this.#exchange, why);
    // Between two waits: `#takeOff` and the like see that it was interrupted.
    if (!this.#place && !this.#pause) return;
    if (this.#pause) this.#parts.clock.clearTimeout(this.#pause);
    this.#leaveLine();
    this.#fail(why);
  }

  #interruptExchange(exchange: Exchange, why: UpstreamError): void {
    const { clock, counters, timeoutMs } = this.#parts;
    // Out of time, be it the call's or the operation's, is an outcome from which the breaker learns. To be left alone
    // is none, and neither is it when little of the time was the provider's to use; but a write has one in any case.
    const hadTime = clock.now() - this.#exchangeAt >= timeoutMs / 2;
    if (why.failure === 'timeout' && (hadTime || !this.isRead)) return exchange.expire();
    exchange.abandon();
    countLatency(counters, clock.now() - this.#exchangeAt);
    this.#fail(why);
  }

  /**
   * Whether the other side had given up the connection before it knew of the request: a server that reloads or has its
   * idle limit is none in trouble. A write that was sent is not among these: it may have been made.
   */
  #isStale({ broken, sent, fault }: NoAnswer, { connection, hasBegun }: Exchange): boolean {
    const isBroken = broken === 'reset' || broken === 'unreachable';
    if (this.#hasMetStale || !isBroken || fault) return false;
    return !sent || (this.isRead && connection.isKept && !hasBegun);
  }

  /** The same attempt once more, at once and on a new connection: no failure that the provider's limits are for. */
  #sendAnew(): void {
    const { counters } = this.#parts;
    this.#hasMetStale = true;
    this.#needs = 'new';
    this.#attempt -= 1;
    counters.stale += 1;
    this.#exchange = undefined;
    this.#takeOff();
  }

  /** Learns from an outcome, and goes on from there. */
  #ends(outcome: Outcome): void {
    this.#exchange = undefined;
    // Most are: there is nothing to decide.
    if (outcome instanceof Answer && outcome.isSuccess) {
      this.#admission.learn('well');
      this.#parts.counters.lastingFault = undefined;
      return this.#end((waiting) => waiting.answered(outcome));
    }
    const { path } = this.#request;
    this.#admission.learn(lessonOf(outcome, { path, credential: this.#credential, caller: this.#caller }));
    this.#decide(outcome);
  }

  /** Lands, fails, goes where a redirect leads, or tries again. */
  #decide(outcome: Outcome): void {
    const { name, log, clock, counters } = this.#parts;
    const isAnswer = outcome instanceof Answer;
    counters.lastingFault = undefined;
    if (!isAnswer) {
      if (outcome.broken === 'misconfigured') counters.lastingFault = outcome.fault;
      noteNoAnswer(this.#parts, { attempt: this.#attempt, ...outcome }, 'A provider gave no answer.');
    } else if (this.#follow(outcome)) return this.#takeOff();
    else if (speaksOfItsConnection(outcome.status)) this.#needs = 'new';
    const delay = this.#delayAfter(outcome);
    if (delay === null) {
      if (isAnswer) return this.#end((waiting) => waiting.answered(outcome));
      return this.#fail(failureWithoutAnswer(name, outcome, this.isRead));
    }
    if (isAnswer)
      log.warn(
        { provider: name, attempt: this.#attempt, status: outcome.status },
        'An answer cannot be used.',
      );
    if (delay === 0 || this.#interrupted) return this.#takeOff();
    this.#pause = clock.setTimeout(() => {
      this.#pause = undefined;
      this.#takeOff();
    }, delay);
  }

  /** Whether a GET is sent on to another path of this provider. Once, and not counted as a repeat: it has one left. */
  #follow(answer: Answer): boolean {
    if (!this.isRead || this.#isRedirected || this.#waiting.length === 0) return false;
    const { name, origin, log } = this.#parts;
    const path = pathOfRedirect(answer, { origin, path: this.#request.path });
    if (path === undefined) return false;
    log.warn({ provider: name, status: answer.status }, 'A provider redirects, and is asked where it says.');
    this.#isRedirected = true;
    this.#request = { ...this.#request, path };
    this.#attempt -= 1;
    return true;
  }

  /** Milliseconds until the next attempt, null when there is none. */
  #delayAfter(outcome: Outcome): number | null {
    if (!this.isRead || this.#waiting.length === 0) return null;
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
    return delay !== null && breaker.refusesFor(this.#caller) === undefined && budget.spend() ? delay : null;
  }

  /** Why no attempt is to be made, if so. */
  #refusal(): UpstreamError | undefined {
    return this.#interrupted ?? this.#admission.refusal();
  }

  /** Why none is to be made any more after a wait, if so. */
  #lateRefusal(now: number): UpstreamError | undefined {
    return this.#interrupted ?? this.#admission.lateRefusal(this.#deadline, now);
  }

  isOverdue(): void {
    this.#giveUp(new UpstreamError(this.#parts.name, 'timeout', { retryable: true }));
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
    this.#admission.end();
    if (this.#running) this.#parts.timeLimit.end(this.#running);
    this.closed();
    // Nothing is held on to, so that whatever may still hold the flight holds nothing else.
    this.closed = nothing;
    this.#waiting = [];
    this.#exchange = undefined;
    for (const each of waiting) tell(each);
  }
}

function nothing(): void {}
