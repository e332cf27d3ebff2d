import type { Registry } from 'prom-client';
import type { Upstream } from '../http/upstream.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';
import type { OperationReport } from './operation-report.ts';
import { CONTENT_TYPE, Counter, Histogram, metric, sample } from './prometheus-text.ts';
import { providerMetrics } from './provider-metrics.ts';

/** What the process counts, for Prometheus. No label holds what a client or a provider sent. */
export interface Metrics {
  /** Counts an operation that was answered. */
  operation(report: OperationReport): void;
  /** Counts an operation in which an operator read so many people. */
  operatorRead(people: number): void;
  /** Counts a call that was refused because of a person's own key. */
  keyRejected(provider: string): void;
  /** Counts any answer to an HTTP request. */
  response(status: number): void;
  /** Does a look-up or a removal of links, counted and timed. */
  lookUp<T>(work: () => Soon<T>): Soon<T>;
  /** Everything, in Prometheus's text format; `inFlight` is how many GraphQL requests are being answered. */
  text(now: { inFlight: number }): Promise<string>;
  readonly contentType: string;
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The process's own metrics, from now on. Loaded when they are first asked for: it takes some 20 ms of a start. */
async function observeProcess(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function openMetrics(upstreams: readonly Upstream[]): Metrics {
  let ofProcess: Promise<Registry> | undefined;
  const operations = new Counter(
    'user_subgraph_operations_total',
    'Operations answered, by type and by whether the answer holds errors.',
  );
  const durations = new Histogram(
    'user_subgraph_operation_duration_seconds',
    'Seconds from the parsed request to the finished answer.',
    BOUNDS,
  );
  const errors = new Counter(
    'user_subgraph_errors_total',
    'Errors in answers, by code and by the provider at fault, if any.',
  );
  const responses = new Counter('user_subgraph_http_responses_total', 'Answers to HTTP requests, by status.');
  const rejectedKeys = new Counter(
    'user_subgraph_personal_keys_rejected_total',
    "Calls that a provider refused because of a person's own key.",
  );
  const operatorReads = new Counter(
    'user_subgraph_operator_operations_total',
    'Operations in which an operator read people.',
  );
  const peopleRead = new Counter(
    'user_subgraph_operator_people_read_total',
    'People whom operators read, once for each operation.',
  );
  const lookups = new Histogram(
    'user_subgraph_links_duration_seconds',
    'Seconds for one look-up or removal of links, by outcome.',
    BOUNDS,
  );

  // What alerts wait for is there from the start: for Prometheus, a count that appears has not increased.
  errors.inc('code="INTERNAL_SERVER_ERROR",provider=""', 0);
  responses.inc('status="500"', 0);
  responses.inc('status="503"', 0);
  operatorReads.inc('', 0);
  peopleRead.inc('', 0);

  function lookUp<T>(work: () => Soon<T>): Soon<T> {
    const startedAt = performance.now();
    const ends = (outcome: 'ok' | 'error') =>
      lookups.observe(`outcome="${outcome}"`, (performance.now() - startedAt) / 1_000);
    return recovering(
      () =>
        after(work(), (result) => {
          ends('ok');
          return result;
        }),
      (error) => {
        ends('error');
        throw error;
      },
    );
  }

  return {
    operation(report) {
      const outcome = report.errors.length === 0 ? 'ok' : 'errors';
      operations.inc(`type="${report.type}",outcome="${outcome}"`);
      durations.observe(`type="${report.type}"`, report.ms / 1_000);
      for (const { code, provider = '', count } of report.errors)
        errors.inc(`code="${code}",provider="${provider}"`, count);
    },
    keyRejected: (provider) => rejectedKeys.inc(`provider="${provider}"`),
    operatorRead(people) {
      operatorReads.inc('');
      peopleRead.inc('', people);
    },
    response: (status) => responses.inc(`status="${status}"`),
    lookUp,
    async text({ inFlight }) {
      const name = 'user_subgraph_requests_in_flight';
      const lines = [
        ...operations.lines(),
        ...durations.lines(),
        ...errors.lines(),
        ...responses.lines(),
        ...rejectedKeys.lines(),
        ...operatorReads.lines(),
        ...peopleRead.lines(),
        ...lookups.lines(),
        ...metric(name, 'gauge', 'GraphQL requests that are being answered.'),
        sample(name, '', inFlight),
        ...providerMetrics(upstreams),
      ];
      const registry = await (ofProcess ??= observeProcess());
      return `${await registry.metrics()}${lines.join('\n')}\n`;
    },
    contentType: CONTENT_TYPE,
  };
}
