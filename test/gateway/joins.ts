import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readyOperations } from '../support/ready-operations.ts';
import type { Facts } from './facts.ts';
import type { World } from './world.ts';

const user = (digits: string | number) => `00000000-0000-4000-8000-${String(digits).padStart(12, '0')}`;

/** What a gateway has to bring together from both subgraphs. */
export function joins(world: () => World, facts: Facts): void {
  describe('joins', () => {
    test('a person, their projects and organization, and what hangs on those', async () => {
      const { data, errors } = await world().ask(`{
        me {
          name
          billing { subscriptionStatus activePlan { name } }
          organization { name projects { name } }
          projects { name owner { name } members { name organization { name projects { name } } } }
        }
      }`);
      expect(errors).toEqual([]);
      const engine = { name: 'Analytical Engines', projects: [{ name: 'Engine' }] };
      const compilers = { name: 'Compilers United', projects: [{ name: 'Census' }, { name: 'Compiler' }] };
      const kernel = { name: 'Kernel Works', projects: [] };
      expect(data.me).toMatchObject({
        name: 'Ada Lovelace',
        billing: { subscriptionStatus: 'ACTIVE', activePlan: { name: expect.any(String) } },
        organization: engine,
      });
      const [first, second] = data.me.projects;
      expect(first).toEqual({
        name: 'Engine',
        owner: { name: 'Ada Lovelace' },
        members: [
          { name: 'Ada Lovelace', organization: engine },
          { name: 'Grace Hopper', organization: compilers },
          { name: 'Linus Torvalds', organization: kernel },
        ],
      });
      expect(second).toMatchObject({ name: 'Compiler', owner: { name: 'Grace Hopper' } });
    });

    test('a hundred people with their organizations, in order, with as few calls as the providers allow', async () => {
      const { data, errors } = await world().ask(
        '{ project(id: "2") { members { id name organization { id name } } } }',
      );
      expect(errors).toEqual([]);
      const { members } = data.project;
      expect(members.map(({ id }: { id: string }) => id)).toEqual(
        Array.from({ length: 100 }, (_, index) => user(1001 + index)),
      );
      expect(members.filter(({ name }: { name: unknown }) => typeof name === 'string')).toHaveLength(100);
      const without = members.filter(({ organization }: { organization: unknown }) => organization === null);
      expect(without.map(({ id }: { id: string }) => id)).toEqual([user(1042), user(1043)]);
      // Bird: who asks, and one list. Ejento can only be asked for one person at a time.
      expect(world().calls()).toEqual({ bird: 2, ejento: 100, insighto: 0, atoms: 0 });
    });

    test('a list with somebody unknown and somebody twice keeps its order and length', async () => {
      const { data, errors } = await world().ask(
        '{ project(id: "3") { members { id name organization { name } } } }',
      );
      expect(errors).toEqual([]);
      const grace = { id: user('9ace'), name: 'Grace Hopper', organization: { name: 'Compilers United' } };
      const ada = { id: user('ada'), name: 'Ada Lovelace', organization: { name: 'Analytical Engines' } };
      const [first, unknown, ...rest] = data.project.members;
      expect([first, ...rest]).toEqual([grace, ada, grace]);
      expect(unknown).toEqual({ id: user('dead'), name: null, organization: null });
      expect(world().calls()).toMatchObject({ ejento: 2 });
    });

    test('aliases, fragments, variables and conditions mean what they say', async () => {
      const { data, errors } = await world().ask(
        `query ($id: ID!, $other: ID!, $billing: Boolean!) {
          myself: me { ...card ... on User { plan: billing @include(if: $billing) { paying: isPaying } } }
          other: user(id: $other) { ...card email @skip(if: true) }
          engine: project(id: $id) { title: name people: members { ...card } }
          census: project(id: "2") { title: name }
        }
        fragment card on User { called: name work: organization { ...work } joined: projects { title: name } }
        fragment work on Organization { label: name }`,
        { variables: { id: '1', other: user('115'), billing: true } },
      );
      expect(errors).toEqual([]);
      const linus = {
        called: 'Linus Torvalds',
        work: { label: 'Kernel Works' },
        joined: [{ title: 'Engine' }],
      };
      expect(data.myself).toMatchObject({ called: 'Ada Lovelace', plan: { paying: true } });
      expect(data.other).toEqual(linus);
      expect(data.engine.people[2]).toEqual(linus);
      expect(data.census).toEqual({ title: 'Census' });
    });

    test.each(readyOperations)(
      'the ready operation $name is answered without an error',
      async (operation) => {
        const { document, ...asking } = operation;
        const { data, errors } = await world().ask(document, asking);
        expect(errors).toEqual([]);
        expect(Object.values(data as object)[0]).not.toBeNull();
      },
    );

    test('what is not selected costs no call', async () => {
      const { errors } = await world().ask('{ project(id: "2") { name members { id projects { name } } } }');
      expect(errors).toEqual([]);
      expect(world().calls()).toEqual({ bird: 0, ejento: 0, insighto: 0, atoms: 0 });
    });

    test(`@defer is ${facts.defers ? 'answered in parts' : 'refused'}`, async () => {
      const parts = await world().askInParts('{ me { name ... @defer { billing { isPaying } } } }');
      const text = JSON.stringify(parts);
      if (facts.defers) {
        expect(parts.length).toBeGreaterThan(1);
        expect(parts[0]).toMatchObject({ data: { me: { name: 'Ada Lovelace' } }, hasNext: true });
        expect(JSON.stringify(parts[0])).not.toContain('billing');
        expect(JSON.stringify(parts.slice(1))).toContain('{"billing":{"isPaying":true}}');
        expect(text).not.toContain('"errors"');
      } else {
        expect(parts).toMatchObject([{ errors: [{ message: expect.stringMatching(/unknown directive/i) }] }]);
      }
    });

    test('a client sees one schema, and nothing of federation in it', async () => {
      const { data } = await world().ask(getIntrospectionQuery());
      const types = buildClientSchema(data).getTypeMap();
      expect(types['User']?.toConfig()).toMatchObject({ fields: { name: {}, projects: {} } });
      expect(types['Mutation']?.toConfig()).toMatchObject({ fields: { updateMe: {}, deleteMe: {} } });
      const internal = Object.keys(types).filter((name) => /^(_(?!_)|join__|link__)/.test(name));
      expect(internal.toSorted()).toEqual(facts.leavesTypes);
    });
  });
}
