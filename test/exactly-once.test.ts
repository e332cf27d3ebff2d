import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { grace } from './simulators/index.ts';
import type { BirdSimulator } from './simulators/bird.ts';
import type { Limits } from './simulators/faults.ts';
import { fickleClient } from './support/fickle-client.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ BIRD_TIMEOUT_MS: '500', BIRD_RETRIES: '5' });
});
afterAll(() => subgraph.stop());
beforeEach(async () => {
  await subgraph.reset();
  await subgraph.links.import([...subgraph.people.links()].map((link) => `${JSON.stringify(link)}\n`));
});

const UNKNOWN = /It is not known whether the change was made/;

/** How Bird fails, and whether it may have made the change. */
const failures: [
  name: string,
  happens: (bird: BirdSimulator, to: Limits) => unknown,
  outcomeUnknown: boolean,
][] = [
  ['resets before it acts', (bird, to) => bird.resets(to), true],
  ['resets after it has acted', (bird, to) => bird.resetsAfter(to), true],
  ['resets within its answer', (bird, to) => bird.resetsWithin(to), true],
  ['never answers', (bird, to) => bird.neverAnswers(to), true],
  ['answers too late', (bird, to) => bird.isSlow(5_000, to), true],
  ['drips', (bird, to) => bird.drips(to), true],
  ['answers 401', (bird, to) => bird.isUnauthorized(to), false],
  ['answers 403', (bird, to) => bird.forbids(to), false],
  ['answers 429', (bird, to) => bird.rateLimits(0, to), false],
  ['answers 500', (bird, to) => bird.fails(to), true],
  ['answers 502', (bird, to) => bird.badGateway(to), true],
  ['answers 503', (bird, to) => bird.unavailable(0, to), true],
  ['redirects', (bird, to) => bird.redirects(subgraph.ejento.url, 307, to), true],
];

const mutations = [
  ['updateMe', 'PATCH', 'mutation { updateMe(input: { name: "Ada King" }) { __typename } }'],
  ['deleteMe', 'DELETE', 'mutation { deleteMe { __typename } }'],
] as const;

describe.each(mutations)('%s', (_name, method, mutation) => {
  const change = (token = 'demo-ada') => subgraph.ask(mutation, { as: token });
  /** Makes known whose token it is, and ends the count of failures in a row: all is well. */
  const isWell = async (token = 'demo-ada') =>
    expect((await subgraph.ask('{ me { id name } }', { as: token })).errors).toEqual([]);

  it.each(failures)('is sent once when Bird %s', async (_failure, happens, outcomeUnknown) => {
    await isWell();
    happens(subgraph.bird, { method });
    const { data, errors } = await change();
    expect(data).toEqual({ [mutation.includes('updateMe') ? 'updateMe' : 'deleteMe']: null });
    expect(errors).toHaveLength(1);
    expect(UNKNOWN.test(errors[0]?.message ?? '')).toBe(outcomeUnknown);
    if (outcomeUnknown) expect(errors[0]?.extensions['retryable']).toBe(false);
    expect(subgraph.bird.count(method)).toBe(1);
    expect(subgraph.ejento.requests).toEqual([]);
  });

  it('is not sent at all when nobody listens, and that much is known', async () => {
    // Without repeats: whose token it is is asked first, and where that is asked again and again its time may end instead.
    const once = await startSubgraph({ BIRD_RETRIES: '0' });
    onTestFinished(() => once.stop());
    await once.ask('{ me { id } }', { as: 'demo-ada' });
    await once.bird.isDown();
    const { errors } = await once.ask(mutation, { as: 'demo-ada' });
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE', retryable: true } }]);
    expect(errors[0]?.message).not.toMatch(UNKNOWN);
    expect(once.bird.count(method)).toBe(0);
  });

  it('is sent once on connections that Bird had promised to keep', async () => {
    // Not Ada, whose token Bird has refused above: that is remembered. So is, for a moment, that nobody listened.
    const { token } = grace;
    const isAsked = async () => (await subgraph.ask('{ me { name } }', { as: token })).errors.length === 0;
    await vi.waitUntil(isAsked, { timeout: 10_000, interval: 50 });
    subgraph.bird.resetsOnceAnswered({ path: /.*/ });
    await subgraph.ask('{ me { name sessions { id } } }', { as: token });
    const { errors } = await change(token);
    expect(errors).toEqual([]);
    expect(subgraph.bird.count(method)).toBe(1);
  });

  it('is sent once, and finished, when the client goes in the middle of it', async () => {
    const { token, userId } = grace;
    await isWell(token);
    subgraph.bird.isSlow(100);
    const client = fickleClient(subgraph.url, mutation, token);
    await subgraph.bird.until(() => subgraph.bird.count(method) === 1);
    await client.goes();
    // It is finished: only then are the links removed, and a profile is asked for after its change.
    const isLinked = async () => (await subgraph.links.of([userId])).size > 0;
    if (method === 'PATCH') await isWell(token);
    else while (await isLinked()) await new Promise(setImmediate);
    expect(subgraph.bird.count(method)).toBe(1);
    expect(subgraph.bird.abandoned).toBe(0);
  });
});
