import { AtomsSimulator } from './atoms.ts';
import { BIRD_ACCESS_KEY, BIRD_ORGANIZATION_ID, BirdSimulator } from './bird.ts';
import { EJENTO_ACCESS_TOKEN, EJENTO_SUBSCRIPTION_KEY, EjentoSimulator } from './ejento.ts';
import { INSIGHTO_API_KEY, InsightoSimulator } from './insighto.ts';
import { People } from './people.ts';
import type { ProviderName } from '../../src/providers/registry.ts';
import type { Identity } from '../support/authority.ts';

export { ada, grace, linus, type LinkRow, numbered, People, type Person, stranger } from './people.ts';
export { REJECTED_NAME } from './bird.ts';
export { WITHOUT_ORGANIZATION } from './ejento.ts';

export type Simulators = Awaited<ReturnType<typeof startSimulators>>;

/** What was started; or, for the compiler to say, which provider was forgotten here. */
type OfAll<Started> = [Exclude<ProviderName, keyof Started>] extends [never]
  ? Started
  : `${Exclude<ProviderName, keyof Started>} has no simulator: start it in test/simulators/index.ts`;
const ofAll = <Started>(started: Started) => started as OfAll<Started>;

/** The day on which everything that the simulators tell is a little past, or soon to come. */
const WRITTEN_ON = Date.UTC(2024, 4, 10);

/** Starts the four vendors' APIs on loopback, each on a free port, over TLS if they have an identity for it. They know the same people. */
export async function startSimulators(people = new People(), identity?: Identity) {
  const bird = new BirdSimulator(people, identity);
  const ejento = new EjentoSimulator(people, identity);
  const insighto = new InsightoSimulator(people, identity);
  const atoms = new AtomsSimulator(people, identity);
  const all = [bird, ejento, insighto, atoms];
  await Promise.all(all.map((simulator) => simulator.isUp()));
  return ofAll({
    bird,
    ejento,
    insighto,
    atoms,
    people,

    /** The environment variables that point the subgraph at them. */
    settings(): Record<string, string> {
      return {
        BIRD_BASE_URL: bird.url,
        BIRD_ORGANIZATION_ID,
        BIRD_ACCESS_KEY,
        EJENTO_BASE_URL: ejento.url,
        EJENTO_SUBSCRIPTION_KEY,
        EJENTO_ACCESS_TOKEN,
        INSIGHTO_BASE_URL: insighto.url,
        INSIGHTO_API_KEY,
        ATOMS_BASE_URL: atoms.baseUrl,
      };
    },
    /** Moves the times that they tell by as many days as have passed since they were written down. */
    areOf(today: Date): void {
      const days = Math.floor((today.getTime() - WRITTEN_ON) / 86_400_000);
      for (const simulator of all) simulator.daysMoved = days;
    },
    /** Each as it was at the start, up and without faults. */
    async reset(): Promise<void> {
      await Promise.all(all.map((simulator) => simulator.reset()));
    },
    /** Ends them at once, whoever is still connected. */
    async close(): Promise<void> {
      await Promise.all(all.map((simulator) => simulator.close()));
    },
  });
}
