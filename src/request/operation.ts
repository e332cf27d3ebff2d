import type { Caller } from '../http/caller.ts';
import type { Lifetime } from '../http/lifetime.ts';
import type { OperationScope } from '../http/upstream.ts';
import type { Trace } from './trace.ts';

/** One GraphQL operation, as far as the calls made for it are concerned. */
export class Operation implements OperationScope {
  readonly requestId: string;
  readonly lifetime: Lifetime;
  /** Replaced when a span of our own stands between the gateway's and the providers'. */
  headers: Readonly<Record<string, string>>;
  /** Calls that this operation asked of each provider. */
  readonly calls: Record<string, number> = {};
  /** What its lists hold so far, as far as it selects it. */
  listValues = 0;

  readonly #callerOf: () => Caller | null;

  constructor({ requestId, trace, lifetime, callerOf }: OperationOrigin) {
    this.requestId = requestId;
    this.#callerOf = callerOf;
    this.lifetime = lifetime;
    this.headers = trace ? { 'x-request-id': requestId, ...trace } : { 'x-request-id': requestId };
  }

  /** Whoever asks, or this operation by itself where that is nobody in particular. */
  get caller(): Caller {
    return this.#callerOf() ?? this;
  }

  countCall(provider: string): void {
    this.calls[provider] = (this.calls[provider] ?? 0) + 1;
  }
}

/** Where an operation comes from: its id, the trace it belongs to, and how long it lasts. */
export interface OperationOrigin {
  requestId: string;
  trace?: Trace | undefined;
  lifetime: Lifetime;
  /** Who asks as far as is known by now, null when no one person does. */
  callerOf: () => Caller | null;
}
