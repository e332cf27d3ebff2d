import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numbered, type Person } from './simulators/index.ts';
import type { Simulator } from './simulators/simulator.ts';
import { fickleClient } from './support/fickle-client.ts';
import { patient } from './support/patience.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

const people: Person[] = Array.from({ length: 100 }, (_, index) => numbered(1_001 + index));

let subgraph: Subgraph;
afterEach(() => subgraph.stop());

const organizationOf = ({ token }: Person) =>
  subgraph.ask('{ me { name organization { name } } }', { as: token });

describe('a provider that is down', () => {
  beforeEach(async () => {
    subgraph = await startSubgraph({ EJENTO_TIMEOUT_MS: '500' });
  });

  const downs: [string, (ejento: Simulator) => unknown][] = [
    ['resets', (ejento) => ejento.resets()],
    ['answers 503', (ejento) => ejento.unavailable()],
    ['never answers', (ejento) => ejento.neverAnswers()],
  ];

  it.each(downs)('and %s is hardly asked, and is asked again when it is well', async (_how, happens) => {
    happens(subgraph.ejento);
    for (const person of people) {
      const { data, errors } = await organizationOf(person);
      expect(data.me).toEqual({ name: `${person.firstName} ${person.lastName}`, organization: null });
      expect(errors).toMatchObject([{ path: ['me', 'organization'], extensions: { provider: 'ejento' } }]);
    }
    expect(subgraph.ejento.received).toBeLessThanOrEqual(1.12 * people.length);

    await subgraph.ejento.recovers();
    while ((await organizationOf(people[0] as Person)).errors.length > 0);
  });
});

describe('600 requests at once', () => {
  beforeEach(async () => {
    subgraph = await startSubgraph({
      MAX_IN_FLIGHT: '1000',
      EJENTO_CONNECTIONS: '16',
      ATOMS_CONNECTIONS: '16',
      ...patient,
    });
  });

  const crowd = Array.from({ length: 600 }, (_, index) => people[index % people.length] as Person);

  it('open no more connections than the settings say', async () => {
    subgraph.ejento.latency = 20;
    const answers = await Promise.all(crowd.map(organizationOf));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(subgraph.ejento.maxOpenSockets).toBe(16);
  });

  it('are not slowed by a provider that none of them needs', async () => {
    subgraph.atoms.neverAnswers();
    const stuck = crowd
      .slice(0, 100)
      .map(({ token }) => subgraph.ask('{ me { atomsAccount { id } } }', { as: token }));
    await subgraph.atoms.until(() => subgraph.atoms.received === 16);
    const answers = await Promise.all(crowd.map(organizationOf));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(subgraph.atoms.received).toBe(16);
    await subgraph.atoms.recovers();
    await subgraph.atoms.isDown();
    await Promise.all(stuck);
  });
});

describe('a client that goes', () => {
  beforeEach(async () => {
    // Nothing but the client's leaving ends these reads in time.
    subgraph = await startSubgraph(patient);
  });

  it('stops the reads that were made for it', async () => {
    const { bird, ejento, insighto, atoms, url } = subgraph;
    const slow = [ejento, insighto, atoms];
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    for (const provider of slow) provider.neverAnswers();
    const query = '{ me { name organization { name } billing { isPaying } atomsAccount { id } } }';
    const client = fickleClient(url, query, 'demo-ada');
    await Promise.all(slow.map((provider) => provider.until(() => provider.received === 1)));
    await client.goes();
    await Promise.all(slow.map((provider) => provider.until(() => provider.abandoned === 1)));
    expect(bird.abandoned).toBe(0);
  });
});
