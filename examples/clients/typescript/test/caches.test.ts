import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keys, possibleTypes, typePolicies } from 'user-subgraph-contract/cache';
import { afterEach, expect, test } from 'vitest';
import { PartialAnswers } from 'user-subgraph-contract/partial-answers';
import { startSubgraph } from '../../../../test/support/subgraph.ts';
import { DeleteMeDocument, MeDocument } from '../generated/graphql.ts';
import {
  apolloPage,
  defaultOptions,
  type Page,
  relayPage,
  type Shown,
  urqlPage,
  type Wire,
} from './pages.ts';

const schema = JSON.parse(
  await readFile(new URL('../../../../contract/introspection.json', import.meta.url), 'utf8'),
);
const page = await readFile(new URL('../../../../docs/caches.md', import.meta.url), 'utf8');

/** Every client and setting that the documentation has a row for. */
const settings: [row: string, open: (wire: Wire) => Page][] = [
  ["Apollo Client, `errorPolicy: 'none'` (the default)", (wire) => apolloPage(wire, { errorPolicy: 'none' })],
  ["Apollo Client, `'ignore'`", (wire) => apolloPage(wire, { errorPolicy: 'ignore' })],
  ["Apollo Client, `'all'`", (wire) => apolloPage(wire, { errorPolicy: 'all' })],
  [
    "**Apollo Client, `'all'`, `PartialAnswers`**",
    (wire) => apolloPage(wire, { errorPolicy: 'all', parts: new PartialAnswers() }),
  ],
  ['urql, `cacheExchange` (by document)', (wire) => urqlPage(wire, { cache: 'document' })],
  ['urql, Graphcache', (wire) => urqlPage(wire, { cache: 'graphcache' })],
  ['urql, Graphcache with `schema`', (wire) => urqlPage(wire, { cache: 'graphcache with schema', schema })],
  [
    '**urql, `cacheExchange`, `PartialAnswers`**',
    (wire) => urqlPage(wire, { cache: 'document', parts: new PartialAnswers() }),
  ],
  [
    '**urql, Graphcache, `PartialAnswers`**',
    (wire) => urqlPage(wire, { cache: 'graphcache', parts: new PartialAnswers() }),
  ],
  ['**Relay, `@catch` on the field**', relayPage],
];

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

/** The service with everything behind it, and a wire to it that counts. */
async function start() {
  const subgraph = await startSubgraph({ INSIGHTO_RETRIES: '0' });
  running.push(subgraph);
  let asked = 0;
  let underWay = 0;
  const wire: Wire = {
    url: `${subgraph.url}/graphql`,
    async fetch(...request) {
      asked += 1;
      underWay += 1;
      try {
        if (asked > 50) throw new Error('This never ends.');
        return await fetch(...request);
      } finally {
        underWay -= 1;
      }
    },
  };
  /** Waits until nobody asks any more; how many requests there were since the last time. */
  const settle = async () => {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      if (underWay > 0) quiet = 0;
      await setTimeout(1);
    }
    const taken = asked;
    asked = 0;
    return taken;
  };
  return { subgraph, wire, settle };
}

/** What is seen of a component, as the table of the documentation says it. */
function seen(shown: Shown): string {
  const user = shown.user();
  const what = user ? (user.billing ? 'billing' : 'null') : 'nothing';
  return shown.isTold() ? `${what}, error` : what;
}

test.each(settings)('%s, with a provider down', async (row, open) => {
  const cells: string[] = [];
  const appear = async (open: () => Shown, settle: () => Promise<number>) => {
    const shown = open();
    const asked = await settle();
    cells.push(`${seen(shown)} (${asked})`);
    return shown;
  };
  const down = await start();
  down.subgraph.insighto.fails();
  const show = open(down.wire);
  const first = await appear(() => show('status'), down.settle);
  await appear(() => show('status'), down.settle);
  await appear(() => show('payment'), down.settle);
  cells.push(seen(first));

  const later = await start();
  const showLater = open(later.wire);
  const good = showLater('status');
  await later.settle();
  later.subgraph.insighto.fails();
  await good.again();
  await later.settle();
  cells.push(seen(good));
  await appear(() => showLater('status'), later.settle);

  const documented = page.split('\n').find((line) => line.startsWith(`| ${row} |`));
  expect(documented).toBe(`| ${row} | ${cells.join(' | ')} |`);
});

test.each(settings)('%s: two components ask twice, and then not any more', async (_row, open) => {
  const { wire, settle } = await start();
  const appears = open(wire);
  const shown = [appears('status'), appears('payment')];
  expect(await settle()).toBe(2);
  for (const each of shown) each.leave();
  const again = [appears('status'), appears('payment')];
  expect(await settle()).toBe(0);
  expect(again.map(seen)).toEqual(['billing', 'billing']);
});

test.each(settings.filter(([row]) => row.includes('PartialAnswers')))(
  '%s: two components keep what they had, and both are told',
  async (_row, open) => {
    const { subgraph, wire, settle } = await start();
    const show = open(wire);
    const shown = [show('status'), show('payment')];
    await settle();
    subgraph.insighto.fails();
    for (const each of shown) await each.again();
    expect(await settle()).toBe(2);
    expect(shown.map(seen)).toEqual(['billing, error', 'billing, error']);
    for (const each of shown) each.leave();
    const again = [show('status'), show('payment')];
    expect(await settle()).toBe(0);
    expect(again.map(seen)).toEqual(['billing, error', 'billing, error']);

    await subgraph.insighto.recovers();
    await expect
      .poll(async () => [await again[0]?.again(), await settle(), seen(again[0] as Shown)].at(-1), {
        timeout: 20_000,
      })
      .toBe('billing');
    expect(again.map(seen)).toEqual(['billing', 'billing']);
  },
);

test('without the type policies two components of Apollo Client take from each other', async () => {
  const { wire, settle } = await start();
  const show = apolloPage(wire, { errorPolicy: 'all', isConfigured: false });
  const shown = [show('status'), show('payment')];
  // How often depends on whose answer comes first.
  expect(await settle()).toBeGreaterThan(2);
  for (const each of shown) each.leave();
  shown.push(show('status'), show('payment'));
  expect(await settle()).toBeGreaterThan(0);
});

test('a component of Apollo Client that goes past the cache is told, and takes nothing from the others', async () => {
  const { subgraph, wire, settle } = await start();
  const show = apolloPage(wire, { errorPolicy: 'all' });
  const good = show('status');
  await settle();
  subgraph.insighto.fails();
  const past = show('status', { past: true });
  expect(await settle()).toBe(1);
  expect([seen(past), seen(good)]).toEqual(['null, error', 'billing']);
});

test('after deleteMe a cache shows the person as before, until it is emptied', async () => {
  const { wire } = await start();
  const headers = { authorization: 'Bearer demo-1001' };
  const apollo = new ApolloClient({
    link: new HttpLink({ uri: wire.url, fetch: wire.fetch, headers }),
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    defaultOptions,
  });
  const urql = new Client({
    ...wire,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [cacheExchange({ keys, possibleTypes }), fetchExchange],
  });
  const statuses = async () => {
    const ofApollo = apollo.readQuery({ query: MeDocument })?.me?.status;
    const ofUrql = await urql.query(MeDocument, {}, { requestPolicy: 'cache-only' });
    return [ofApollo, ofUrql.data?.me?.status];
  };
  await apollo.query({ query: MeDocument });
  await urql.query(MeDocument, {});
  const { data } = await apollo.mutate({ mutation: DeleteMeDocument });
  expect(data?.deleteMe?.__typename).toBe('DeleteMeAccepted');
  await urql.mutation(DeleteMeDocument, {});
  expect(await statuses()).toEqual(['ACTIVE', 'ACTIVE']);
  await apollo.clearStore();
  expect((await statuses())[0]).toBeUndefined();
});
