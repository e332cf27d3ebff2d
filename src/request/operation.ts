import type { Caller } from '../http/caller.ts';
import type { Lifetime } from '../http/lifetime.ts';
import type { OperationScope, OperationTrace } from '../http/call.ts';
import { CallerError } from './caller-error.ts';

const TOO_MANY_CALLS = new CallerError(
  'BAD_USER_INPUT',
  'This operation takes more calls to providers than one may make. Ask for fewer people, or for less of them.',
);

/** One GraphQL operation, as far as the calls made for it are concerned. */
export class Operation implements OperationScope {
  readonly requestId: string;
  readonly lifetime: Lifetime;
  readonly headers: Readonly<Record<string, string>>;
  /** Replaced by that of a span of our own, where there are spans. */
  trace: OperationTrace | undefined;
  readonly isTraceTold: boolean;
  /** Calls that this operation asked of each provider. */
  readonly calls: Record<string, number> = {};
  /** What its lists hold so far, as far as it selects it. */
  listValues = 0;
  #peopleRead: Set<string> | undefined;
  readonly #callerOf: () => Caller | null;
  #callsLeft: number;
  #alone: object | undefined;

  constructor({ requestId, trace, isTraceTold = false, lifetime, callerOf, maxCalls }: OperationOrigin) {
    this.requestId = requestId;
    this.headers = { 'x-request-id': requestId };
    this.trace = trace;
    this.isTraceTold = isTraceTold;
    this.#callsLeft = maxCalls;
    this.lifetime = lifetime;
    this.#callerOf = callerOf;
  }

  /**
   * Whoever asks, or this operation by itself where that is nobody in particular: then something that stands for it and
   * holds nothing of it, for what a map once held may live long (see `ReadsInFlight`).
   */
  get caller(): Caller {
    return this.#callerOf() ?? (this.#alone ??= {});
  }

  /** Notes of whom an operator was shown something, or could have been. */
  readByOperator(userId: string): void {
    (this.#peopleRead ??= new Set()).add(userId);
  }

  /** Everybody of whom an operator read in this operation. */
  get peopleRead(): ReadonlySet<string> | undefined {
    return this.#peopleRead;
  }

  /** @throws CallerError when there have been as many as one operation may make */
  countCall(provider: string): void {
    if (this.#callsLeft === 0) throw TOO_MANY_CALLS;
    this.#callsLeft -= 1;
    this.calls[provider] = (this.calls[provider] ?? 0) + 1;
  }
}

/** Where an operation comes from: its id, the trace it belongs to, and how long it lasts. */
export interface OperationOrigin {
  requestId: string;
  trace?: OperationTrace | undefined;
  /** Whether the providers are told of the trace. */
  isTraceTold?: boolean;
  lifetime: Lifetime;
  /** Who asks as far as is known by now, null when no one person does. */
  callerOf: () => Caller | null;
  /** The most calls to providers that may be made for it. */
  maxCalls: number;
}
