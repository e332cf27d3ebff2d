import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openUpstream } from '../../src/http/upstream.ts';
import { openMetrics } from '../../src/telemetry/metrics.ts';

test.each(['deploy/grafana/user-subgraph.json', 'deploy/prometheus/alerts.yaml'])(
  '%s asks for no metric that is not there',
  async (file) => {
    const limits = {
      timeoutMs: 1,
      connections: 1,
      connectionsPerCaller: 1,
      keepAliveMs: 1,
      queue: 1,
      retries: 1,
    };
    const bird = openUpstream({ name: 'bird', baseUrl: 'http://127.0.0.1', ...limits });
    const text = await openMetrics([bird]).text({ inFlight: 0 });
    const there = new Set(
      [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(([, name = '', type]) => namesOf(name, type)),
    );
    // Names of recording rules have a colon in front.
    const asked = new Set(readFileSync(file, 'utf8').match(/(?<![\w:/])(user_subgraph|nodejs|process)_\w+/g));
    expect(asked.size).toBeGreaterThan(5);
    expect([...asked].filter((name) => !there.has(name))).toEqual([]);
  },
);

function namesOf(name: string, type: string | undefined): string[] {
  return type === 'histogram' ? ['bucket', 'sum', 'count'].map((suffix) => `${name}_${suffix}`) : [name];
}
