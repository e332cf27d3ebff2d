import { expect, test } from 'vitest';
import { numbered } from '../simulators/index.ts';
import type { World } from './world.ts';

/**
 * Of two requests that differ in nothing but a header, a gateway may make one: then one person gets what is another's.
 * Some do unless they are told not to, and only when the requests are under way at the same time.
 */
export function manyAtOnce(world: () => World): void {
  test('twenty people who ask the same at once get what is their own', async () => {
    const people = Array.from({ length: 20 }, (_, at) => numbered(1_061 + at));
    // Slow, so that all of them are under way together.
    for (const provider of [world().bird, world().ejento, world().insighto]) provider.isSlow(50);
    const query = '{ me { id name email ejentoUserId ejentoAccount { id } insightoAccount { id } } }';
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(people.map(({ token }) => world().ask(query, { as: token })));
      expect(answers.map(({ data }) => data?.me)).toEqual(
        people.map(({ userId, firstName, lastName, email, ejento, insighto }) => ({
          id: userId,
          name: `${firstName} ${lastName}`,
          email,
          ejentoUserId: ejento.id,
          ejentoAccount: { id: ejento.id },
          insightoAccount: { id: insighto.id },
        })),
      );
    }
  });
}
