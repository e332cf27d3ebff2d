import type { Readings } from './answer.ts';
import type { Caller } from './caller.ts';
import type { Lifetime } from './lifetime.ts';

/** One REST call. */
export interface UpstreamCall<T> {
  method?: 'GET' | 'PATCH' | 'DELETE';
  /** Path with query as it goes over the wire, appended to the base URL's path. */
  path: string;
  /** Credentials included. */
  headers: Record<string, string>;
  /** What makes two GETs the same call, together with the path. Never logged. */
  credential: string;
  /** Sent as JSON. */
  body?: unknown;
  /** How many keys this one call asks for, where it can ask for several: for traces. */
  batchSize?: number;
  /** A reading by status; `ok` is any 2xx that is not listed. A status without one is an `UpstreamError`. */
  on: Readings<T>;
}

/** A trace in the headers of W3C Trace Context. */
export type OperationTrace = Readonly<{ traceparent: string; tracestate?: string }>;

/** What one GraphQL operation lends to each call that is made for it. */
export interface OperationScope {
  /** Ends at the operation's deadline, and when the client has gone. */
  readonly lifetime: Lifetime;
  /** Whom it is made for, as far as is known by now. */
  readonly caller: Caller;
  /** Sent with every call, such as `x-request-id`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The trace that it belongs to; sent only where the provider is told. */
  readonly trace?: OperationTrace | undefined;
  readonly isTraceTold?: boolean;
  /** Notes that the operation asks a provider. Throws when it has asked too often: then no call is made. */
  countCall(provider: string): void;
}
