import type { OperationScope } from './http/upstream.ts';

/** One GraphQL operation, as far as the calls made for it are concerned. */
export class Operation implements OperationScope {
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Replaced when a span of our own stands between the gateway's and the providers'. */
  headers: Readonly<Record<string, string>>;
  /** Calls that this operation asked of each provider. */
  readonly calls = new Map<string, number>();

  constructor({ requestId, traceparent, signal }: OperationOrigin) {
    this.requestId = requestId;
    this.signal = signal;
    this.headers = traceparent ? { 'x-request-id': requestId, traceparent } : { 'x-request-id': requestId };
  }

  countCall(provider: string): void {
    this.calls.set(provider, (this.calls.get(provider) ?? 0) + 1);
  }
}

/** Where an operation comes from: its id, the trace it belongs to, and the signal that ends its reads. */
export interface OperationOrigin {
  requestId: string;
  traceparent?: string | undefined;
  signal: AbortSignal;
}
