import { expect, test } from 'vitest';
import { countLatency, LATENCY_BOUNDS_MS, startCounting, type UpstreamStats } from '../../src/http/stats.ts';
import { LinksUnavailableError, type Links } from '../../src/links/links.ts';
import { timedLinks } from '../../src/links/timed-links.ts';
import { openMetrics } from '../../src/telemetry/metrics.ts';
import { openFrontDoor } from '../server/front-door.ts';

/** The value of a sample; its labels in the order in which they are written. */
const valueOf = (text: string, sample: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${sample} `))
      ?.split(' ')
      .at(-1),
  );

test('operations, errors and answers are counted, and nothing that a client sent is a label', async () => {
  const door = await openFrontDoor({ maxInFlight: 2 });
  await door.ask('query SomeName { tree { id } }');
  await door.ask('{ fails }');
  await door.ask('{ nonsense }');
  await door.ask('{ nonsense');
  await door.fetch('/some-path');
  await door.fetch('/readyz');
  const waiting = door.ask('{ waits }');
  await door.waiters(1);

  const response = await door.fetch('/metrics');
  const text = await response.text();
  door.release();
  await waiting;

  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
  const value = (sample: string) => valueOf(text, `user_subgraph_${sample}`);
  expect(value('operations_total{type="query",outcome="ok"}')).toBe(1);
  expect(value('operations_total{type="query",outcome="errors"}')).toBe(2);
  expect(value('operations_total{type="unknown",outcome="errors"}')).toBe(1);
  expect(value('operation_duration_seconds_count{type="query"}')).toBe(3);
  expect(value('errors_total{code="INTERNAL_SERVER_ERROR",provider=""}')).toBe(1);
  expect(value('errors_total{code="GRAPHQL_VALIDATION_FAILED",provider=""}')).toBe(1);
  expect(value('http_responses_total{status="200"}')).toBe(2);
  expect(value('http_responses_total{status="404"}')).toBe(1);
  expect(value('requests_in_flight')).toBe(1);
  expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  expect(text).not.toMatch(/SomeName|some-path|nonsense/);
});

test('each provider shows what its connection counted, its breaker and its latencies', async () => {
  const counters = startCounting();
  counters.calls = 5;
  counters.retries = 2;
  counters.failures.timeout = 3;
  countLatency(counters, 7);
  countLatency(counters, 7);
  countLatency(counters, 9_000);
  const now = { state: 'open', inFlight: 4, queued: 6, sockets: 8 } as const;
  const stats: UpstreamStats = { ...counters, ...now };
  const upstream = { name: 'bird', stats } as Parameters<typeof openMetrics>[0][number];
  const text = await openMetrics([upstream]).text({ inFlight: 0 });

  const value = (sample: string) => valueOf(text, `user_subgraph_provider_${sample}`);
  expect(value('requests_total{provider="bird"}')).toBe(5);
  expect(value('retries_total{provider="bird"}')).toBe(2);
  expect(value('failures_total{provider="bird",failure="timeout"}')).toBe(3);
  expect(value('failures_total{provider="bird",failure="unreachable"}')).toBe(0);
  expect(value('requests_in_flight{provider="bird"}')).toBe(4);
  expect(value('calls_queued{provider="bird"}')).toBe(6);
  expect(value('connections{provider="bird"}')).toBe(8);
  expect(value('breaker{provider="bird",state="open"}')).toBe(1);
  expect(value('breaker{provider="bird",state="closed"}')).toBe(0);
  const bucket = (le: string) => value(`request_duration_seconds_bucket{provider="bird",le="${le}"}`);
  expect(LATENCY_BOUNDS_MS.map((ms) => bucket(String(ms / 1_000)))).toEqual([0, 2, 2, 2, 2, 2, 2, 2, 2]);
  expect(bucket('+Inf')).toBe(3);
  expect(value('request_duration_seconds_count{provider="bird"}')).toBe(3);
  expect(value('request_duration_seconds_sum{provider="bird"}')).toBeCloseTo(9.014);
});

test('what alerts wait for is there before it happens', async () => {
  const text = await openMetrics([]).text({ inFlight: 0 });
  expect(valueOf(text, 'user_subgraph_errors_total{code="INTERNAL_SERVER_ERROR",provider=""}')).toBe(0);
  expect(valueOf(text, 'user_subgraph_http_responses_total{status="500"}')).toBe(0);
  expect(valueOf(text, 'user_subgraph_http_responses_total{status="503"}')).toBe(0);
});

test('look-ups of links are counted and timed, the failed ones apart', async () => {
  const metrics = openMetrics([]);
  let isDown = false;
  const links = timedLinks(
    {
      of: async () => {
        if (isDown) throw new LinksUnavailableError('ECONNREFUSED');
        return new Map();
      },
    } as unknown as Links,
    metrics.lookUp,
  );
  await links.of([]);
  isDown = true;
  await expect(links.of([])).rejects.toThrow(LinksUnavailableError);
  const text = await metrics.text({ inFlight: 0 });
  expect(valueOf(text, 'user_subgraph_links_duration_seconds_count{outcome="ok"}')).toBe(1);
  expect(valueOf(text, 'user_subgraph_links_duration_seconds_count{outcome="error"}')).toBe(1);
});
