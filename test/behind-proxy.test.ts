import { expect, it, onTestFinished } from 'vitest';
import { type ProxyBehaviour, startProxy } from './support/proxy.ts';
import { startSubgraph } from './support/subgraph.ts';

const everything =
  '{ me { name organization { name } billing { subscriptionStatus } atomsAccount { email } } }';
const WELL = {
  name: 'Ada Lovelace',
  organization: { name: 'Analytical Engines' },
  billing: { subscriptionStatus: 'ACTIVE' },
  atomsAccount: { email: 'ada@example.com' },
};

/** The whole product behind a proxy of the tests' own, for whatever scheme the providers have. */
async function behind(behaviour: ProxyBehaviour, credentials: string, settings: Record<string, string> = {}) {
  const proxy = await startProxy(behaviour);
  const url = proxy.origin.replace('://', `://${credentials}@`);
  const subgraph = await startSubgraph({ HTTP_PROXY: url, HTTPS_PROXY: url, ...settings });
  onTestFinished(async () => {
    await subgraph.stop();
    await proxy.ends();
  });
  return { proxy, subgraph };
}

it('all providers are reached through a proxy, which is said at the start without its credentials', async () => {
  const credentials = 'ada:planted-in-a-proxy-url';
  const { proxy, subgraph } = await behind({ credentials }, credentials);
  const saidAtStart = subgraph.log.join('');
  const { data, errors } = await subgraph.ask(everything, { as: 'demo-ada' });
  expect(errors).toEqual([]);
  expect(data.me).toEqual(WELL);
  for (const provider of ['bird', 'ejento', 'insighto', 'atoms'] as const) {
    expect(saidAtStart).toContain(`"msg":"${provider} through proxy ${proxy.host}"`);
    expect(proxy.seen.join('\n')).toContain(new URL(subgraph[provider].url).host);
  }
});

it('a provider that NO_PROXY names is reached without it', async () => {
  const { proxy, subgraph } = await behind({}, 'ada:planted-in-a-proxy-url', { NO_PROXY: '127.0.0.0/8' });
  expect((await subgraph.ask(everything, { as: 'demo-ada' })).data.me).toEqual(WELL);
  expect(proxy.seen).toEqual([]);
  expect(subgraph.log.join('')).not.toContain('through proxy');
});

it('a proxy that refuses is not the provider: nobody logs in again, and nobody tries again', async () => {
  const { subgraph } = await behind({ credentials: 'ada:right' }, 'ada:planted-in-a-proxy-url');
  const { errors } = await subgraph.ask('{ me { name } }', { as: 'demo-ada' });
  expect(errors).toMatchObject([
    { extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird', retryable: false } },
  ]);
  expect(subgraph.log.join('')).toMatch(/"fault":"proxy-credentials-rejected","proxyStatus":407/);
  expect(subgraph.bird.requests).toEqual([]);
});
