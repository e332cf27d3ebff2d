import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Upstream } from './http/upstream.ts';
import type { Links } from './links/links.ts';
import type { OperationReport } from './operation-report.ts';
import { providerMetrics } from './provider-metrics.ts';

/** What the process counts, for Prometheus. No label holds what a client or a provider sent. */
export interface Metrics {
  /** Counts an operation that was answered. */
  operation(report: OperationReport): void;
  /** Counts any answer to an HTTP request. */
  response(status: number): void;
  /** The same links, with their look-ups counted and timed. */
  watching(links: Links): Links;
  /** Everything, in Prometheus's text format; `inFlight` is how many GraphQL requests are being answered. */
  text(now: { inFlight: number }): Promise<string>;
  readonly contentType: string;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function openMetrics(upstreams: readonly Upstream[]): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const operations = new Counter({
    name: 'user_subgraph_operations_total',
    help: 'Operations answered, by type and by whether the answer holds errors.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'user_subgraph_operation_duration_seconds',
    help: 'Seconds from the parsed request to the finished answer.',
    labelNames: ['type'],
    buckets,
    registers,
  });
  const errors = new Counter({
    name: 'user_subgraph_errors_total',
    help: 'Errors in answers, by code and by the provider at fault, if any.',
    labelNames: ['code', 'provider'],
    registers,
  });
  const responses = new Counter({
    name: 'user_subgraph_http_responses_total',
    help: 'Answers to HTTP requests, by status.',
    labelNames: ['status'],
    registers,
  });
  const requestsInFlight = new Gauge({
    name: 'user_subgraph_requests_in_flight',
    help: 'GraphQL requests that are being answered.',
    registers,
  });
  const lookups = new Histogram({
    name: 'user_subgraph_links_duration_seconds',
    help: 'Seconds for one look-up or removal of links, by outcome.',
    labelNames: ['outcome'],
    buckets,
    registers,
  });

  async function timed<T>(work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let outcome = 'ok';
    try {
      return await work;
    } catch (error) {
      outcome = 'error';
      throw error;
    } finally {
      lookups.observe({ outcome }, (performance.now() - startedAt) / 1_000);
    }
  }

  return {
    operation(report) {
      operations.inc({ type: report.type, outcome: report.errors.length === 0 ? 'ok' : 'errors' });
      durations.observe({ type: report.type }, report.ms / 1_000);
      for (const { code, provider = '', count } of report.errors) errors.inc({ code, provider }, count);
    },
    response: (status) => responses.inc({ status }),
    watching: (links) => ({
      of: (userIds) => timed(links.of(userIds)),
      usersOf: (provider, externalIds) => timed(links.usersOf(provider, externalIds)),
      removeAll: (userId) => timed(links.removeAll(userId)),
      close: () => links.close(),
    }),
    async text({ inFlight }) {
      requestsInFlight.set(inFlight);
      return (await registry.metrics()) + providerMetrics(upstreams);
    },
    contentType: registry.contentType,
  };
}
