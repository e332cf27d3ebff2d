import type { Breaker } from './breaker.ts';
import type { Connections } from './connections.ts';
import type { RetryBudget } from './retry.ts';
import type { UpstreamCounters } from './stats.ts';

/** The time, as far as upstreams need it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  setTimeout(act: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout): void;
}

/** Where an upstream writes what its operator should know. A pino logger is one. */
export interface UpstreamLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What all calls to one provider share. */
export interface UpstreamParts {
  readonly name: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly connections: Connections;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly counters: UpstreamCounters;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: UpstreamLog;
}
