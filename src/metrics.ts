import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationReport } from './operation-report.ts';

/** What the process counts, for Prometheus. No label comes from a client, a provider or a user. */
export interface Metrics {
  /** Counts an operation that was answered. */
  operation(report: OperationReport): void;
  /** Counts any answer to an HTTP request. */
  response(status: number): void;
  /** Everything, in Prometheus's text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** What is asked for when the metrics are read. */
export interface MetricSources {
  /** GraphQL requests that are being answered. */
  inFlight(): number;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function openMetrics({ inFlight }: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const operations = new Counter({
    name: 'user_subgraph_operations_total',
    help: 'Operations answered, by type and by whether the answer holds errors.',
    labelNames: ['type', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'user_subgraph_operation_duration_seconds',
    help: 'Seconds from the parsed request to the finished answer.',
    labelNames: ['type'] as const,
    buckets: seconds,
    registers,
  });
  const errors = new Counter({
    name: 'user_subgraph_errors_total',
    help: 'Errors in answers, by code.',
    labelNames: ['code'] as const,
    registers,
  });
  const responses = new Counter({
    name: 'user_subgraph_http_responses_total',
    help: 'Answers to HTTP requests, by status.',
    labelNames: ['status'] as const,
    registers,
  });
  new Gauge({
    name: 'user_subgraph_requests_in_flight',
    help: 'GraphQL requests that are being answered.',
    registers,
    collect() {
      this.set(inFlight());
    },
  });

  return {
    operation({ type, ms, codes }) {
      let outcome = 'ok';
      for (const code in codes) {
        outcome = 'errors';
        errors.inc({ code }, codes[code]);
      }
      operations.inc({ type, outcome });
      durations.observe({ type }, ms / 1_000);
    },
    response: (status) => responses.inc({ status }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
