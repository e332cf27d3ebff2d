import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { openLinks } from '../../src/links/links.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { linkable } from '../../src/providers/registry.ts';
import { startService } from '../../src/service.ts';
import { ada, grace } from '../simulators/index.ts';
import { spansInMemory } from '../support/leak-hunt.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

interface SpanSeen {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
  status: { code: number; message?: string };
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpan = 'b7ad6b7169203331';
const trusted = { 'router-authorization': ROUTER_SECRET };
const traced = { ...trusted, traceparent: `00-${traceId}-${callerSpan}-01` };

let subgraph: Subgraph;
let before = 0;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET, TRACE_TO_PROVIDERS: 'true' });
});
beforeEach(async () => {
  await subgraph.reset();
  before = subgraph.spans().length;
});
afterAll(() => subgraph.stop());

const spans = () => subgraph.spans().slice(before) as SpanSeen[];
const named = (name: string) => spans().filter((span) => span.name === name);

test("an operation is a span below the caller's, and each provider's call one below that", async () => {
  await subgraph.ask('query Me { me { name organization { name } billing { isPaying } } }', {
    as: ada.token,
    headers: traced,
  });

  const [operation] = named('operation');
  expect(operation).toMatchObject({
    traceId,
    parentSpanId: callerSpan,
    attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Me' },
    status: { code: 0 },
  });
  for (const provider of ['bird', 'ejento', 'insighto'] as const) {
    const [span] = named(`${provider} GET`);
    expect(span).toMatchObject({
      traceId,
      parentSpanId: operation?.spanId,
      attributes: { 'peer.service': provider },
    });
    expect(subgraph[provider].requests[0]?.headers['traceparent']).toBe(`00-${traceId}-${span?.spanId}-01`);
  }
  expect(JSON.parse(subgraph.log.at(-1) ?? '')).toMatchObject({ msg: 'operation', traceId });
});

test("the caller's span is the parent, but does not decide whether a trace is kept", async () => {
  const unsampled = { ...trusted, traceparent: `00-${traceId}-${callerSpan}-00` };
  await subgraph.ask('{ me { organization { name } } }', { as: ada.token, headers: unsampled });
  expect(named('operation')).toMatchObject([{ traceId, parentSpanId: callerSpan }]);
  expect(subgraph.ejento.requests[0]?.headers['traceparent']).toMatch(/-01$/);
});

test('no provider is told of a trace unless a setting says so', async () => {
  const closed = await startSubgraph({ ROUTER_SECRET });
  await closed.ask('{ me { name organization { name } billing { isPaying } } }', {
    as: ada.token,
    headers: { ...traced, 'x-request-id': 'the-request' },
  });
  const received = [closed.bird, closed.ejento, closed.insighto].flatMap(({ requests }) => requests);
  expect(received.length).toBeGreaterThan(2);
  for (const { headers } of received) {
    expect(headers).not.toHaveProperty('traceparent');
    expect(headers['x-request-id']).toBe('the-request');
  }
  const spans = closed.spans() as SpanSeen[];
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  await closed.stop();
});

test('one call for several people says for how many', async () => {
  await subgraph.entities([ada.userId, grace.userId], 'name', { headers: { ...operator, ...traced } });
  expect(named('bird GET').map((span) => span.attributes['user_subgraph.batch_size'])).toEqual([2]);
});

test('a trace begins here where the caller has none, and the log names it', async () => {
  await subgraph.ask('{ me { name } }', { as: ada.token, headers: trusted });
  const [operation] = named('operation');
  expect(operation?.parentSpanId).toBeUndefined();
  expect(operation?.traceId).toMatch(/^[\da-f]{32}$/);
  expect(named('bird GET')[0]?.parentSpanId).toBe(operation?.spanId);
  expect(JSON.parse(subgraph.log.at(-1) ?? '')).toMatchObject({ traceId: operation?.traceId });
});

test('a failure is marked at the call and at the operation', async () => {
  subgraph.ejento.unavailable();
  await subgraph.ask('{ me { organization { name } } }', { as: ada.token, headers: traced });
  expect(named('ejento GET')[0]).toMatchObject({
    attributes: { 'error.type': 'unavailable', 'http.response.status_code': 503 },
    status: { code: 2 },
  });
  expect(named('operation')[0]?.status).toEqual({ code: 2, message: 'PROVIDER_UNAVAILABLE' });
});

test.each([
  ['is logged, and passed on where that is allowed', 'true', `00-${traceId}-${callerSpan}-01`, traceId],
  ['is logged, and stays here where it is not', 'false', `00-${traceId}-${callerSpan}-01`, traceId],
  ['is neither when it is none', 'true', `00-${traceId}-${callerSpan}-01; a-private-value`, undefined],
])("where none are made, the caller's trace %s", async (_how, isTold, traceparent, logged) => {
  const lines: string[] = [];
  const config = readConfig({
    ...subgraph.settings(),
    PORT: '0',
    LINKS_URL: 'sqlite::memory:',
    TRACE_TO_PROVIDERS: isTold,
  });
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  const links = await openLinks({ ...config.links, linkable, log });
  const service = await startService({ config, log, links });
  await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.token}`, traceparent },
    body: '{"query":"{ me { name } }"}',
  });
  await service.stop();
  expect(subgraph.bird.requests.map(({ headers }) => headers['traceparent'])).toEqual([
    logged && isTold === 'true' ? traceparent : undefined,
  ]);
  expect(lines.map((line) => JSON.parse(line).traceId)).toEqual([logged]);
});

test('there are traces where the standard variables ask for them, and nowhere else', () => {
  const bird = { BIRD_BASE_URL: 'http://localhost' };
  const asked = (variables: Record<string, string>) => readConfig({ ...bird, ...variables }).tracing;
  expect(asked({})).toBeNull();
  expect(asked({ OTEL_SERVICE_NAME: 'users' })).toBeNull();
  expect(asked({ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' })).toBeNull();
  expect(asked({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' })).toBeNull();
  expect(asked({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' })).toEqual({
    serviceName: 'user-subgraph',
    callerSamples: false,
  });
  expect(asked({ OTEL_TRACES_EXPORTER: 'console', OTEL_SERVICE_NAME: 'users' })).toEqual({
    serviceName: 'users',
    callerSamples: false,
  });
  const following = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' };
  expect(asked(following)?.callerSamples).toBe(true);
  expect(asked({ ...following, OTEL_TRACES_SAMPLER: 'traceidratio' })?.callerSamples).toBe(false);
});

test.each([
  ['is down', () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:4318'))],
  ['says nothing', () => new Promise<never>(() => {})],
])('a collector that %s does not fail the stop, and is told', async (_how, stop) => {
  const lines: string[] = [];
  const config = readConfig({ ...subgraph.settings(), PORT: '0', LINKS_URL: 'sqlite::memory:' });
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  const links = await openLinks({ ...config.links, linkable, log });
  const { tracing } = spansInMemory();
  const service = await startService({ config, log, links, tracing: { ...tracing, stop } });
  await Promise.all([service.stop(), service.stop()]);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'warn', msg: 'The last spans could not be sent.' }),
  ]);
  expect(lines.join()).not.toContain('127.0.0.1');
});

test('asked for without the SDK, nothing starts, and the message says what to install, as page and image do', async () => {
  const env = {
    ...subgraph.settings(),
    LINKS_URL: 'sqlite::memory:',
    PORT: '0',
    OTEL_TRACES_EXPORTER: 'otlp',
  };
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, ['src/main.js'], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code, output: stdout + stderr }),
    );
  });
  const install = /npm install .*@opentelemetry\/sdk-node@[\d.]+\d/.exec(output)?.[0] ?? output;
  expect(install).toContain('--no-save --save-prod --omit=dev');
  for (const file of ['docs/operations.md', 'deploy/Dockerfile'])
    expect(readFileSync(file, 'utf8'), file).toContain(install);
  expect(readFileSync('deploy/tracing/package.json', 'utf8')).toContain(
    `"${install
      .split(' ')
      .at(-1)
      ?.replace(/@(?=\d)/, '": "')}.0"`,
  );
  expect(output).not.toContain('serving');
  expect(code).toBe(1);
});
