import { describe, expect, test } from 'vitest';
import type { Facts } from './facts.ts';
import type { World } from './world.ts';

const updateMe = `mutation ($input: UpdateMeInput!) {
  updateMe(input: $input) {
    ... on UpdateMeSuccess { user { name timezone projects { name } } }
    ... on UpdateMeInvalid { fieldErrors { field message } }
  }
}`;

/** Both mutations, each sent to Bird once. */
export function mutations(world: () => World, facts: Facts): void {
  describe('mutations', () => {
    test('updateMe changes the profile with one call, and the answer joins on from the changed person', async () => {
      const { data, errors } = await world().ask(updateMe, {
        as: 'demo-grace',
        variables: { input: { name: 'Amazing Grace', timezone: 'America/New_York' } },
      });
      expect(errors).toEqual([]);
      expect(data.updateMe).toEqual({
        user: {
          name: 'Amazing Grace',
          timezone: 'America/New_York',
          projects: [{ name: 'Engine' }, { name: 'Compiler' }],
        },
      });
      expect(
        world()
          .bird.calls('PATCH')
          .map(({ body }) => JSON.parse(body)),
      ).toEqual([{ name: 'Amazing Grace', timezone: 'America/New_York' }]);
    });

    test('a value that cannot be right is answered as data, and Bird is not called', async () => {
      const { data, errors } = await world().ask(updateMe, {
        variables: { input: { timezone: 'Mars/Olympus' } },
      });
      expect(errors).toEqual([]);
      expect(data.updateMe.fieldErrors).toMatchObject([{ field: 'timezone' }]);
      expect(world().bird.count('PATCH')).toBe(0);
    });

    test('deleteMe deletes the account with one call', async () => {
      const { data, errors } = await world().ask(
        'mutation { deleteMe { __typename ... on DeleteMeAccepted { userId linksRemoved } } }',
        { as: 'demo-1009' },
      );
      expect(errors).toEqual([]);
      expect(data.deleteMe).toEqual({
        __typename: 'DeleteMeAccepted',
        userId: '00000000-0000-4000-8000-000000001009',
        linksRemoved: true,
      });
      expect(world().bird.count('DELETE')).toBe(1);
    });

    test(`two in one operation are ${facts.mergesMutations ? 'refused together' : 'made one after the other'}`, async () => {
      const { data, errors } = await world().ask(
        'mutation { a: updateMe(input: { name: "A" }) { __typename } b: updateMe(input: { name: "B" }) { __typename } }',
      );
      const sent = world()
        .bird.calls('PATCH')
        .map(({ body }) => JSON.parse(body));
      if (facts.mergesMutations) {
        // No data at all, or both of them null.
        expect(Object.values((data ?? {}) as object).filter((result) => result !== null)).toEqual([]);
        expect(errors).not.toEqual([]);
        expect(sent).toEqual([]);
      } else {
        expect(errors).toEqual([]);
        expect(sent).toEqual([{ name: 'A' }, { name: 'B' }]);
      }
    });

    test('a mutation whose outcome nobody knows is not sent again', async () => {
      world().bird.resetsAfter({ path: '/me', times: 1 });
      const { data, errors } = await world().ask(updateMe, { variables: { input: { name: 'Ada King' } } });
      expect(data.updateMe).toBeNull();
      expect(errors).toHaveLength(1);
      expect(world().bird.count('PATCH')).toBe(1);
    });
  });
}
