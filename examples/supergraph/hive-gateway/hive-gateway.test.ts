import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeGateway } from '../../../test/gateway/suite.ts';
import { startWorld, type World } from '../../../test/gateway/world.ts';
import { composeForHive } from '../supergraph.ts';
import { hiveGateway } from './gateway.ts';

describeGateway({
  name: 'Hive Gateway',
  startGateway: hiveGateway(),
  compose: composeForHive,
  facts: {
    indexesPaths: false,
    defers: true,
    mergesMutations: false,
    leavesTypes: [],
    wrongSecret: {
      message: 'Only the router is answered: send its secret as router-authorization.',
      extensions: { code: 'FORBIDDEN' },
    },
    subgraphDown: { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
  },
});

describe("Hive Gateway's demand control, which all of the above ran with", () => {
  let world: World;
  beforeAll(async () => {
    // Where it tells its estimates.
    const startGateway = hiveGateway({ NODE_ENV: 'development' });
    world = await startWorld({ compose: composeForHive, startGateway });
  });
  afterAll(() => world?.stop());
  beforeEach(() => world.reset());

  const estimate = async (query: string) => {
    const { errors, text } = await world.ask(query);
    expect(errors).toEqual([]);
    return (JSON.parse(text) as { extensions: { cost: { estimated: number } } }).extensions.cost.estimated;
  };

  test('counts ten for each REST call that a field costs, and one for each object', async () => {
    expect(await estimate('{ me { name bio } }')).toBe(1);
    expect(await estimate('{ me { organization { name } } }')).toBe(12);
    expect(await estimate('{ me { billing { isPaying activePlan { name } } } }')).toBe(23);
    // A list is as long as @listSize says.
    expect(await estimate('{ me { sessions { ip } } }')).toBe(6);
  });

  test('refuses what is too much before anybody is asked', async () => {
    const many = Array.from({ length: 90 }, (_, i) => `a${i}: me { organization { name } }`).join(' ');
    const { errors } = await world.ask(`{ ${many} }`);
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(
      new Set(['COST_ESTIMATED_TOO_EXPENSIVE']),
    );
    expect(world.calls()).toEqual({ bird: 0, ejento: 0, insighto: 0, atoms: 0 });
  });

  // What it misses is within the subgraph's own limits: MAX_REPRESENTATIONS, MAX_VALUES, one mutation at a time.
  test('counts the people of a list once, and a mutation as a query', async () => {
    expect(await estimate('{ projects { members { organization { name } } } }')).toBe(14);
    expect(world.ejento.count()).toBeGreaterThan(1);
    expect(await estimate('mutation { updateMe(input: { timezone: "Europe/London" }) { __typename } }')).toBe(
      1,
    );
  });
});
