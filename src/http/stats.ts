import type { BreakerState } from './breaker.ts';
import { CONNECTION_FAULTS, type ConnectionFault } from './connection-faults.ts';
import type { UpstreamFailure } from './upstream-error.ts';

/** Upper bounds of the latency buckets, in milliseconds; one more bucket has what is above the last. */
export const LATENCY_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500] as const;

/** What has happened to one provider since the start, and what is happening now. */
export interface UpstreamStats extends Readonly<UpstreamCounters> {
  /** Whether calls are let through. */
  readonly state: BreakerState;
  /** Requests on the wire now. */
  readonly inFlight: number;
  /** Calls that wait now: for a connection, or because the provider has found them too many. */
  readonly queued: number;
  /** Connections that are open now. */
  readonly sockets: number;
}

/** What is counted while calls are made. */
export interface UpstreamCounters {
  /** Requests sent, repeats included. */
  calls: number;
  /** The repeats among them. */
  retries: number;
  /** Requests that met a connection which the other side had just given up, and were sent again on a new one. */
  stale: number;
  /** Reads that joined one in flight instead of being sent. */
  coalesced: number;
  /** Calls refused because too many were waiting: already, or until there was too little time left. */
  refused: number;
  /** Calls refused because the breaker was open. */
  failedFast: number;
  /** Failures as they were reported to whoever asked, by kind. */
  failures: Record<UpstreamFailure, number>;
  /** Connections that could not be made, by what is wrong. */
  connectionFaults: Record<ConnectionFault, number>;
  /** Which of them the last attempt met, if it did and if it lasts until somebody changes something. */
  lastingFault: ConnectionFault | undefined;
  /** How long the requests took, from being sent to the end of the answer. */
  latency: {
    /** Requests in each bucket of `LATENCY_BOUNDS_MS` and above; not cumulative. */
    buckets: number[];
    sumMs: number;
    /** How long the last took that was answered, 0 before there is one. */
    lastAnswerMs: number;
  };
}

/** All counts at nought. */
export function startCounting(): UpstreamCounters {
  return {
    calls: 0,
    retries: 0,
    stale: 0,
    coalesced: 0,
    refused: 0,
    failedFast: 0,
    failures: {
      'not-configured': 0,
      unreachable: 0,
      timeout: 0,
      'rate-limited': 0,
      unavailable: 0,
      'credentials-rejected': 0,
      'invalid-response': 0,
      cancelled: 0,
    },
    connectionFaults: Object.fromEntries(Object.keys(CONNECTION_FAULTS).map((fault) => [fault, 0])) as Record<
      ConnectionFault,
      number
    >,
    lastingFault: undefined,
    latency: { buckets: [...LATENCY_BOUNDS_MS, 0].map(() => 0), sumMs: 0, lastAnswerMs: 0 },
  };
}

/** Counts a request that took so long. */
export function countLatency({ latency }: UpstreamCounters, ms: number): void {
  let bucket = 0;
  while (ms > (LATENCY_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
  latency.buckets[bucket] = (latency.buckets[bucket] ?? 0) + 1;
  latency.sumMs += ms;
}
