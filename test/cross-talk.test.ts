import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ada, grace, numbered, type Person } from './simulators/index.ts';
import { patient } from './support/patience.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  // One socket each for some of them: calls wait in line, and who leads is not who asks.
  subgraph = await startSubgraph({
    BIRD_CONNECTIONS: '4',
    EJENTO_CONNECTIONS: '1',
    MAX_IN_FLIGHT: '1000',
    ...patient,
  });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const ALL = `{ me {
  id name email sessions { id } organization { id } ejentoAccount { id email }
  insightoAccount { id email } atomsAccount { id email }
} }`;

/** All ids and addresses in an answer that are a person's own. */
const expectedOf = ({ userId, email, ejento, insighto, atoms }: Person) => ({
  id: userId,
  ejentoAccount: { id: ejento.id, email },
  insightoAccount: { id: insighto.id, email },
  atomsAccount: { id: atoms?.id, email },
});

it('400 interleaved requests of two people show nobody anything of the other', async () => {
  const asked = Array.from({ length: 400 }, (_, index) => (index % 2 ? ada : grace));
  const answers = await Promise.all(asked.map(({ token }) => subgraph.ask(ALL, { as: token })));
  for (const [index, { data, errors, text }] of answers.entries()) {
    const person = asked[index] as Person;
    expect(errors).toEqual([]);
    expect(data.me).toMatchObject(expectedOf(person));
    const { firstName, userId } = person === ada ? grace : ada;
    expect(text).not.toContain(firstName);
    expect(text).not.toContain(userId);
  }
  // Coalescing took part: five resources for 400 people would be 2,000 calls.
  const { bird, ejento, insighto, atoms } = subgraph;
  expect(bird.received + ejento.received + insighto.received + atoms.received).toBeLessThan(2_000);
});

it('no credential is ever seen by another provider', async () => {
  const people = [ada, grace, ...Array.from({ length: 20 }, (_, index) => numbered(1_001 + index))];
  await Promise.all(people.map(({ token }) => subgraph.ask(ALL, { as: token })));
  await subgraph.ask('mutation { updateMe(input: { bio: "-" }) { __typename } }', { as: ada.token });

  const { EJENTO_SUBSCRIPTION_KEY, EJENTO_ACCESS_TOKEN, INSIGHTO_API_KEY, BIRD_ACCESS_KEY } =
    subgraph.settings();
  const own: Record<string, (string | undefined)[]> = {
    bird: [BIRD_ACCESS_KEY, ...people.map(({ token }) => token)],
    ejento: [EJENTO_SUBSCRIPTION_KEY, EJENTO_ACCESS_TOKEN],
    insighto: [INSIGHTO_API_KEY, ...people.map(({ insighto }) => insighto.key)],
    atoms: people.map(({ atoms }) => atoms?.key),
  };
  for (const seenBy of ['bird', 'ejento', 'insighto', 'atoms'] as const) {
    const seen = JSON.stringify(subgraph[seenBy].requests);
    for (const [owner, credentials] of Object.entries(own)) {
      const found = credentials.filter((credential) => credential && seen.includes(credential));
      if (owner === seenBy) expect(found.length).toBeGreaterThan(0);
      else expect(found).toEqual([]);
    }
  }
});
