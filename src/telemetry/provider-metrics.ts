import { LATENCY_BOUNDS_MS, type UpstreamStats } from '../http/stats.ts';
import type { Upstream } from '../http/upstream.ts';
import { histogramSamples, metric, sample } from './prometheus-text.ts';

const prefix = 'user_subgraph_provider';

const counters = {
  requests_total: ['Requests sent to a provider, repeats included.', 'calls'],
  retries_total: ['Requests that repeated one that had failed.', 'retries'],
  stale_connections_total: [
    'Requests sent again on a new connection, because the one they met had just been given up.',
    'stale',
  ],
  coalesced_total: ['Reads that joined one in flight instead of being sent.', 'coalesced'],
  refused_total: ['Calls refused because too many were waiting.', 'refused'],
  failed_fast_total: ['Calls refused because the breaker was open.', 'failedFast'],
} as const satisfies Record<string, readonly [string, keyof UpstreamStats]>;

const gauges = {
  requests_in_flight: ['Requests on the wire.', 'inFlight'],
  calls_queued: ['Calls that wait for a connection.', 'queued'],
  connections: ['Connections that are open.', 'sockets'],
} as const satisfies Record<string, readonly [string, keyof UpstreamStats]>;

/** What each provider's connection has counted, as lines of Prometheus's text format. */
export function providerMetrics(upstreams: readonly Upstream[]): string[] {
  const lines: string[] = [];
  for (const [name, [help, key]] of Object.entries(counters)) {
    lines.push(...metric(`${prefix}_${name}`, 'counter', help));
    for (const { name: provider, stats } of upstreams)
      lines.push(sample(`${prefix}_${name}`, `provider="${provider}"`, stats[key]));
  }
  for (const [name, [help, key]] of Object.entries(gauges)) {
    lines.push(...metric(`${prefix}_${name}`, 'gauge', help));
    for (const { name: provider, stats } of upstreams)
      lines.push(sample(`${prefix}_${name}`, `provider="${provider}"`, stats[key]));
  }

  const failures = `${prefix}_failures_total`;
  lines.push(...metric(failures, 'counter', 'Calls that failed, by kind.'));
  for (const { name: provider, stats } of upstreams)
    for (const [failure, count] of Object.entries(stats.failures))
      lines.push(sample(failures, `provider="${provider}",failure="${failure}"`, count));

  const faults = `${prefix}_connection_faults_total`;
  lines.push(...metric(faults, 'counter', 'Connections that could not be made, by what is wrong.'));
  for (const { name: provider, stats } of upstreams)
    for (const [fault, count] of Object.entries(stats.connectionFaults))
      lines.push(sample(faults, `provider="${provider}",fault="${fault}"`, count));

  const breaker = `${prefix}_breaker`;
  const meaning = '1 for the state that the breaker is in: closed lets calls through, open refuses them.';
  lines.push(...metric(breaker, 'gauge', meaning));
  for (const { name: provider, stats } of upstreams)
    for (const state of ['closed', 'half-open', 'open'])
      lines.push(sample(breaker, `provider="${provider}",state="${state}"`, stats.state === state ? 1 : 0));

  const durations = `${prefix}_request_duration_seconds`;
  lines.push(...metric(durations, 'histogram', 'Seconds from sending a request to the end of its answer.'));
  const bounds = LATENCY_BOUNDS_MS.map((ms) => ms / 1_000);
  for (const { name: provider, stats } of upstreams) {
    const { buckets, sumMs } = stats.latency;
    lines.push(
      ...histogramSamples(durations, `provider="${provider}"`, { bounds, buckets, sum: sumMs / 1_000 }),
    );
  }
  return lines;
}
