import type { Breaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Connections } from './connections.ts';
import type { Paces } from './pace.ts';
import type { RetryBudget } from './retry.ts';
import type { UpstreamCounters } from './stats.ts';
import type { TimeLimit } from './time-limit.ts';

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
  readonly paces: Paces;
  readonly budget: RetryBudget;
  readonly counters: UpstreamCounters;
  /** Of a whole call. */
  readonly timeLimit: TimeLimit;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: UpstreamLog;
}
