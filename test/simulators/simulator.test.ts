import { Agent, get } from 'node:http';
import { get as getOverTls } from 'node:https';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Authority } from '../support/authority.ts';
import { EJENTO_ACCESS_TOKEN, EJENTO_SUBSCRIPTION_KEY } from './ejento.ts';
import { ada, People, startSimulators } from './index.ts';

const simulators = await startSimulators();
const { bird } = simulators;
afterAll(() => simulators.close());
beforeEach(() => simulators.reset());

const headers = { authorization: 'Bearer demo-ada' };

/** One request over one of at most so many kept connections. */
function me(agent: Agent) {
  return new Promise<number | undefined>((resolve, reject) => {
    get(`${bird.url}/me`, { headers, agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    }).on('error', reject);
  });
}

test('every request is remembered as it came', async () => {
  await fetch(`${bird.url}/me?x=%20`, { method: 'PATCH', headers, body: '{"bio":"é"}' });
  await fetch(`${bird.url}/me/sessions`, { headers });
  expect(bird.lines()).toEqual(['PATCH /me?x=%20', 'GET /me/sessions']);
  expect(bird.requests[0]).toMatchObject({
    method: 'PATCH',
    path: '/me?x=%20',
    headers: { authorization: 'Bearer demo-ada' },
    body: '{"bio":"é"}',
  });
  expect([bird.count(), bird.count('GET'), bird.count('GET', '/me'), bird.count('GET', /^\/me$/)]).toEqual([
    2, 1, 1, 0,
  ]);
});

test('nothing is remembered when it is told not to, and counted all the same', async () => {
  bird.recording = false;
  await fetch(`${bird.url}/me`, { headers });
  bird.recording = true;
  expect([bird.requests.length, bird.received]).toEqual([0, 1]);
});

test('connections are kept and counted', async () => {
  await bird.isDown();
  await bird.isUp();
  const agent = new Agent({ keepAlive: true, maxSockets: 3 });
  for (let round = 0; round < 2; round++) {
    expect(new Set(await Promise.all(Array.from({ length: 30 }, () => me(agent))))).toEqual(new Set([200]));
  }
  expect([bird.received, bird.openSockets, bird.maxOpenSockets]).toEqual([60, 3, 3]);
  agent.destroy();
  await bird.until(() => bird.openSockets === 0);
  expect(bird.maxOpenSockets).toBe(3);
  await bird.reset();
  expect(bird.maxOpenSockets).toBe(0);
});

test('every answer takes its latency, a refusal included', async () => {
  await fetch(`${bird.url}/me`, { headers });
  bird.latency = 60;
  bird.fails({ times: 1 });
  for (const status of [500, 200]) {
    const started = performance.now();
    expect((await fetch(`${bird.url}/me`, { headers })).status).toBe(status);
    expect(performance.now() - started).toBeGreaterThan(58);
  }
  bird.latency = 0;
});

test('closing ends what is waiting, at once', async () => {
  const own = await startSimulators();
  own.atoms.neverAnswers();
  own.bird.isSlow(3_600_000);
  const waiting = [fetch(`${own.atoms.url}/`), fetch(`${own.bird.url}/me`)];
  await Promise.all([own.atoms, own.bird].map((one) => one.until(() => one.received === 1)));
  const ends = Promise.allSettled(waiting);
  await own.close();
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('generated people are the same everywhere and are known to all four', async () => {
  const [first] = new People().generate(1);
  const [known] = simulators.people.generate(1);
  expect(known).toEqual(first);
  expect(known?.userId).toBe('00000000-0000-4000-8000-000000100001');
  const links = [...simulators.people.links([known as never])];
  const expected = [
    { userId: known?.userId, provider: 'ejento', externalId: '100001', secret: null },
    {
      userId: known?.userId,
      provider: 'insighto',
      externalId: '1a519470-0000-4000-9000-000000100001',
      secret: 'in-personal-key-000000100001',
    },
    {
      userId: known?.userId,
      provider: 'atoms',
      externalId: 'a70a500000b5000000100001',
      secret: 'sk_personal_key_000000100001',
    },
  ];
  expect(links).toEqual(expect.arrayContaining(expected));
  const answer = await fetch(`${bird.url}/me`, { headers: { authorization: `Bearer ${known?.token}` } });
  expect(await answer.json()).toMatchObject({ id: known?.userId });
});

test('with an identity it speaks TLS, and resets the connection below', async () => {
  const authority = new Authority();
  const overTls = await startSimulators(new People(), authority.issue());
  onTestFinished(() => overTls.close());
  const ask = () =>
    new Promise<number | string | undefined>((resolve) => {
      const options = { headers, ca: authority.certificate, agent: false };
      getOverTls(`${overTls.bird.url}/me`, options, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        (error: NodeJS.ErrnoException) => resolve(error.code),
      );
    });
  expect(await ask()).toBe(200);
  overTls.bird.resets();
  expect(await ask()).toBe('ECONNRESET');
});

test('tells of a day as if it had been written down on it, in every form of time', async () => {
  const elsewhen = await startSimulators();
  try {
    elsewhen.areOf(new Date('2030-05-10T23:59:59Z'));
    const key = ada.insighto.key;
    const response = await fetch(`${elsewhen.insighto.url}/api/v1/user?api_key=${key}`);
    const { data } = (await response.json()) as { data: unknown };
    expect(data).toMatchObject({
      stripe_last_payment_date: '2030-05-01T10:00:00.123456',
      last_credits_refresh: expect.stringMatching(/^2030-05-01 /),
      next_credits_refresh: '2030-06-01T10:00:02',
      email: ada.email,
    });
    const asked = await fetch(`${elsewhen.ejento.url}/v2/api/user/${ada.ejento.id}`, {
      headers: {
        'ocp-apim-subscription-key': EJENTO_SUBSCRIPTION_KEY,
        authorization: `Bearer ${EJENTO_ACCESS_TOKEN}`,
      },
    });
    // Nobody has joined in times to come.
    expect(((await asked.json()) as { data: unknown }).data).toMatchObject({
      date_joined: expect.stringMatching(/^20(29|30)-/),
      organization: { created_on: expect.stringMatching(/^2030-01/) },
    });
  } finally {
    await elsewhen.close();
  }
});
