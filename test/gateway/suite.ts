import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { callers } from './callers.ts';
import type { GatewayUnderTest } from './facts.ts';
import { failures } from './failures.ts';
import { idleConnections } from './idle-connections.ts';
import { joins } from './joins.ts';
import { manyAtOnce } from './many-at-once.ts';
import { mutations } from './mutations.ts';
import { startWorld, type World } from './world.ts';

/** The operations that every gateway has to carry, in front of the same two subgraphs. */
export function describeGateway(gateway: GatewayUnderTest): void {
  describe(`through ${gateway.name}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld(gateway);
    });
    afterAll(() => world?.stop());
    beforeEach(() => world.reset());

    joins(() => world, gateway.facts);
    mutations(() => world, gateway.facts);
    failures(() => world, gateway);
    callers(() => world, gateway);
    manyAtOnce(() => world);
    idleConnections(() => world);
  });
}
