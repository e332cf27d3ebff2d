import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ada } from '../simulators/index.ts';
import { ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

/** Every refusal that docs/operations.md names, sent as a change: whoever is refused has changed nothing. */

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET, MAX_IN_FLIGHT: '1' });
  // So that a change would be carried out at once.
  await subgraph.ask('{ me { id } }', {
    as: ada.token,
    headers: { 'router-authorization': ROUTER_SECRET },
  });
  await subgraph.reset();
});
afterAll(() => subgraph.stop());
afterEach(() => subgraph.reset());

const json = { 'content-type': 'application/json' };
const known = {
  ...json,
  'router-authorization': ROUTER_SECRET,
  authorization: `Bearer ${ada.token}`,
};
/** The same with one header a second time. */
const twice = (name: string, value: string) => [...Object.entries(known).flat(), name, value];
const updateMe = 'mutation { updateMe(input: { bio: "changed" }) { __typename } }';
const deleteMe = 'mutation { deleteMe { __typename } }';
const asking = (query: string) => JSON.stringify({ query });

interface Sent {
  method?: string;
  path?: string;
  /** A list of names and values where one comes twice. */
  headers?: Record<string, string> | string[];
  body?: string;
}

async function send({ method = 'POST', path = '/graphql', headers = known, body = '' }: Sent) {
  const all = Array.isArray(headers)
    ? [...headers, 'host', 'a', 'content-length', String(Buffer.byteLength(body))]
    : { ...headers, 'content-length': Buffer.byteLength(body) };
  const req = request(subgraph.url + path, { method, headers: all });
  req.end(body);
  const [response] = (await new Promise((resolve, reject) => {
    req.once('response', (response) => resolve([response])).once('error', reject);
  })) as [import('node:http').IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: String(await buffer(response)) };
}

const callsMade = () =>
  [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms].flatMap((it) => it.lines());

describe.each([
  ['updateMe', updateMe],
  ['deleteMe', deleteMe],
])('%s is refused before anything is done', (_name, mutation) => {
  const body = asking(mutation);
  const nested = `{ me ${'{ me '.repeat(15)} { id } ${'}'.repeat(15)} }`;
  test.each<[number, string, Sent]>([
    [400, 'not JSON', { body: body.slice(1) }],
    [400, 'not an object', { body: `[${body}]` }],
    [400, 'not GraphQL', { body: asking(`${mutation} }`) }],
    [400, 'not this schema', { body: asking(mutation.replace('__typename', 'nothing')) }],
    [
      400,
      'two mutation fields',
      { body: asking(mutation.replace('{', '{ __typename a: deleteMe { __typename }')) },
    ],
    [400, 'too deep beside it', { body: asking(`${mutation} query B ${nested}`) }],
    [400, 'too many tokens', { body: asking(mutation.replace('__typename', '__typename '.repeat(2_000))) }],
    [
      400,
      'variables that do not fit',
      {
        body: asking(
          mutation
            .replace('mutation', 'mutation ($a: Int!)')
            .replace('__typename', '__typename @skip(if: true) b: __typename @include(if: $a)'),
        ),
      },
    ],
    [
      400,
      'a required variable that is missing',
      { body: asking('mutation ($i: UpdateMeInput!) { updateMe(input: $i) { __typename } }') },
    ],
    [
      400,
      'a condition further in that is null over its default',
      {
        body: JSON.stringify({
          query: mutation
            .replace('mutation', 'mutation ($a: Boolean = true)')
            .replace('__typename', '__typename ... @include(if: $a) { b: __typename }'),
          variables: { a: null },
        }),
      },
    ],
    [
      400,
      'another operation name',
      { body: JSON.stringify({ query: `mutation A ${mutation.slice(8)}`, operationName: 'B' }) },
    ],
    [
      400,
      'two operations and no name',
      { body: asking(`mutation A ${mutation.slice(8)} mutation B ${mutation.slice(8)}`) },
    ],
    [400, 'variables that are text', { body: JSON.stringify({ query: mutation, variables: 'x' }) }],
    [403, 'without the secret', { body, headers: { ...known, 'router-authorization': 'x' } }],
    [404, 'another path', { body, path: '/graphql/' }],
    [405, 'another method', { body, method: 'PUT' }],
    [405, 'in an address', { method: 'GET', path: `/graphql?query=${encodeURIComponent(mutation)}` }],
    [406, 'a page', { body, headers: { ...known, accept: 'text/html' } }],
    [406, 'another version of JSON', { body, headers: { ...known, accept: 'application/json;v=2' } }],
    [406, 'parts', { body, headers: { ...known, accept: 'multipart/mixed' } }],
    [406, 'events', { body, headers: { ...known, accept: 'text/event-stream' } }],
    [406, 'JSON by no means', { body, headers: { ...known, accept: 'application/json;q=0' } }],
    [413, 'too large', { body: body.padEnd(256 * 1024 + 1) }],
    [
      415,
      'a form, as another site can send it',
      { body, headers: { ...known, 'content-type': 'text/plain' } },
    ],
    [
      415,
      'another charset',
      { body, headers: { ...known, 'content-type': 'application/json; charset=utf-16' } },
    ],
    [415, 'two types', { body, headers: twice('content-type', 'text/plain') }],
    [400, 'two tokens', { body, headers: twice('authorization', 'Bearer demo-grace') }],
    [403, 'two secrets', { body, headers: twice('router-authorization', 'another') }],
    [415, 'another encoding', { body, headers: { ...known, 'content-encoding': 'deflate' } }],
    [417, 'an expectation', { body, headers: { ...known, expect: 'a miracle' } }],
    [431, 'headers too large', { body, headers: { ...known, 'x-large': 'x'.repeat(17 * 1024) } }],
  ])('%i: %s', async (status, _name, sent) => {
    const answer = await send(sent);
    expect({ status: answer.status, calls: callsMade() }).toEqual({ status, calls: [] });
  });

  test('503: too many at once', async () => {
    subgraph.bird.neverAnswers();
    const first = send({ body: asking('{ me { name } }') });
    await subgraph.bird.until(() => subgraph.bird.requests.length === 1);
    const second = await send({ body });
    expect({ status: second.status, calls: callsMade() }).toEqual({ status: 503, calls: ['GET /me'] });
    await subgraph.reset();
    await first;
  });
});

test('and one that is not refused is carried out', async () => {
  expect(await send({ body: asking(updateMe) })).toMatchObject({ status: 200 });
  expect(callsMade()).toEqual(['PATCH /me']);
});
