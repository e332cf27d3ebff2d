import {
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isLeafType,
  isObjectType,
  isInterfaceType,
  isUnionType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema, readSdl } from '../../src/graphql/schema.ts';
import { ada } from '../simulators/index.ts';
import { everything } from '../support/everything.ts';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

const schema = buildSchema();
const own = Object.values(schema.getTypeMap()).filter(
  ({ name }) => !/^(_|link__|federation__)|^(Int|Float|String|Boolean|ID)$/.test(name),
);

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph();
});
afterAll(() => subgraph.stop());

/** The coordinates of the fields that have no value in an answer. */
function unanswered(type: GraphQLObjectType, value: Record<string, unknown>): string[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const answer = value[field.name];
    const below = getNamedType(field.type);
    const isEmpty =
      answer === null ||
      answer === undefined ||
      answer === '' ||
      (Array.isArray(answer) && answer.length === 0);
    if (isEmpty) return [`${type.name}.${field.name}`];
    if (!isObjectType(below)) return [];
    return [answer].flat().flatMap((element) => unanswered(below, element as Record<string, unknown>));
  });
}

describe('the schema', () => {
  it('is answered in full: every field of every type has a value from a provider', async () => {
    const User = schema.getType('User') as GraphQLObjectType;
    const { data, errors } = await subgraph.ask(`{ me { ${everything(User)} } }`, { as: ada.token });
    expect(errors).toEqual([]);
    // Insighto documents an object, which is in `creditsByKind`.
    const hint = 'Give these fields a value in the simulator of their provider, in test/simulators.';
    expect(unanswered(User, data.me), hint).toEqual(['BillingPlan.credits']);
  });

  it('gives every time in RFC 3339 in UTC', async () => {
    const User = schema.getType('User') as GraphQLObjectType;
    const { data } = await subgraph.ask(`{ me { ${everything(User)} } }`, { as: ada.token });
    const times: string[] = [];
    JSON.stringify(data, (key, value) => {
      if (/(At|Date|birthdate)$/.test(key)) times.push(value);
      return value;
    });
    expect(times.length).toBeGreaterThan(15);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
  });

  it('describes every type, field, argument and enum value', () => {
    const undescribed: string[] = [];
    const look = (coordinate: string, description: string | null | undefined) => {
      if (!description) undescribed.push(coordinate);
    };
    for (const type of own) {
      if (type.name !== 'Query') look(type.name, type.description);
      if (isEnumType(type))
        for (const { name, description } of type.getValues()) look(`${type.name}.${name}`, description);
      if (isLeafType(type) || isUnionType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (field.name.startsWith('_')) continue;
        look(`${type.name}.${field.name}`, field.description);
        if (!('args' in field)) continue;
        for (const { name, description } of field.args)
          look(`${type.name}.${field.name}(${name}:)`, description);
      }
    }
    expect(own.length).toBeGreaterThan(20);
    expect(undescribed).toEqual([]);
  });

  it('promises nothing that a provider answers: only ids and our own results are never null', () => {
    const promised = own.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields())
            .filter((field) => String(field.type).endsWith('!') && !field.name.startsWith('_'))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    // What a mutation answers is made here: its result types, and what those alone are made of.
    const results = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ type }) => {
      const result = getNamedType(type);
      return isUnionType(result) ? result.getTypes().map(({ name }) => name) : [];
    });
    const ours = [...results, 'FieldError'];
    const ids = promised.filter((coordinate) => coordinate.endsWith('.id'));
    const others = promised.filter((coordinate) => !ids.includes(coordinate));
    expect(others.filter((coordinate) => !ours.includes(coordinate.split('.', 1)[0] ?? ''))).toEqual([]);
    expect(others.length).toBeGreaterThan(5);
  });

  it('tells composers the SDL as it is written, and nothing that a library adds to it', async () => {
    const { data } = await subgraph.ask('{ _service { sdl } }');
    expect(data._service.sdl).toBe(readSdl());
    expect(data._service.sdl).not.toMatch(/scalar federation__|scalar link__/);
  });

  it('says who a User is before anything extends it, because a composer keeps the first description', () => {
    expect(readSdl().search(/^type User /m)).toBeLessThan(readSdl().search(/^extend type User /m));
  });

  it('uses no directive that a public composer or gateway refuses', async () => {
    const { data } = await subgraph.ask('{ _service { sdl } }');
    expect(data._service.sdl).toContain('https://specs.apollo.dev/federation/v2.9');
    expect(data._service.sdl).not.toMatch(/@(oneOf|authenticated|requiresScopes|policy|context)\b/);
  });

  it('never shows what is internal to Bird', () => {
    const text = JSON.stringify(
      own.map((type) => ('getFields' in type ? Object.keys(type.getFields()) : [])),
    );
    expect(text).not.toMatch(/fraud|passwordSet|tokenSet/i);
  });
});
