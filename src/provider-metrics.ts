import { LATENCY_BOUNDS_MS, type UpstreamStats } from './http/stats.ts';
import type { Upstream } from './http/upstream.ts';

const prefix = 'user_subgraph_provider';

const counters = {
  requests_total: ['Requests sent to a provider, repeats included.', 'calls'],
  retries_total: ['Requests that repeated one that had failed.', 'retries'],
  coalesced_total: ['Reads that joined one in flight instead of being sent.', 'coalesced'],
  refused_total: ['Calls refused because too many were waiting already.', 'refused'],
  failed_fast_total: ['Calls refused because the breaker was open.', 'failedFast'],
} as const satisfies Record<string, readonly [string, keyof UpstreamStats]>;

const gauges = {
  requests_in_flight: ['Requests on the wire.', 'inFlight'],
  calls_queued: ['Calls that wait for a connection.', 'queued'],
  connections: ['Connections that are open.', 'sockets'],
} as const satisfies Record<string, readonly [string, keyof UpstreamStats]>;

/**
 * What each provider's connection has counted, in Prometheus's text format. Made when it is read: a histogram that is
 * kept elsewhere cannot be given to the metrics library.
 */
export function providerMetrics(upstreams: readonly Upstream[]): string {
  const lines: string[] = [];
  const metric = (name: string, type: string, help: string) =>
    lines.push(`# HELP ${prefix}_${name} ${help}`, `# TYPE ${prefix}_${name} ${type}`);
  const sample = (name: string, labels: Record<string, string>, value: number) => {
    const list = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    lines.push(`${prefix}_${name}{${list.join(',')}} ${value}`);
  };

  for (const [name, [help, key]] of Object.entries(counters)) {
    metric(name, 'counter', help);
    for (const { name: provider, stats } of upstreams) sample(name, { provider }, stats[key]);
  }
  for (const [name, [help, key]] of Object.entries(gauges)) {
    metric(name, 'gauge', help);
    for (const { name: provider, stats } of upstreams) sample(name, { provider }, stats[key]);
  }

  metric('failures_total', 'counter', 'Calls that failed, by kind.');
  for (const { name: provider, stats } of upstreams)
    for (const [failure, count] of Object.entries(stats.failures))
      sample('failures_total', { provider, failure }, count);

  metric(
    'breaker',
    'gauge',
    '1 for the state that the breaker is in: closed lets calls through, open refuses them.',
  );
  for (const { name: provider, stats } of upstreams)
    for (const state of ['closed', 'half-open', 'open'])
      sample('breaker', { provider, state }, stats.state === state ? 1 : 0);

  metric('request_duration_seconds', 'histogram', 'Seconds from sending a request to the end of its answer.');
  for (const { name: provider, stats } of upstreams) {
    let upTo = 0;
    stats.latency.buckets.forEach((count, index) => {
      const bound = LATENCY_BOUNDS_MS[index];
      upTo += count;
      sample(
        'request_duration_seconds_bucket',
        { provider, le: bound === undefined ? '+Inf' : String(bound / 1_000) },
        upTo,
      );
    });
    sample('request_duration_seconds_sum', { provider }, stats.latency.sumMs / 1_000);
    sample('request_duration_seconds_count', { provider }, upTo);
  }
  return `${lines.join('\n')}\n`;
}
