import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { describeGateway } from '../../../test/gateway/suite.ts';
import { composeWithCosmo, graphForCosmo, startCosmoRouter } from './gateway.ts';

const printed = (sdl: string) => printSchema(lexicographicSortSchema(buildSchema(sdl)));

test("Cosmo's composer accepts both subgraphs, routes each to its address, and shows clients what the others do", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cosmo-'));
  const [graphFile, configFile] = [join(directory, 'graph.yaml'), join(directory, 'config.json')];
  await writeFile(
    graphFile,
    graphForCosmo({ users: 'http://users.example', projects: 'http://projects.example' }),
  );
  await composeWithCosmo(graphFile, configFile);
  const config = await readFile(configFile, 'utf8');
  await rm(directory, { recursive: true });
  const { subgraphs, engineConfig } = JSON.parse(config) as {
    subgraphs: { name: string; routingUrl: string }[];
    engineConfig: { graphqlSchema: string };
  };
  expect(subgraphs.map(({ name, routingUrl }) => [name, routingUrl])).toEqual([
    ['users', 'http://users.example'],
    ['projects', 'http://projects.example'],
  ]);
  // Descriptions included.
  const ours = await readFile(new URL('../generated/api.graphql', import.meta.url), 'utf8');
  expect(printed(engineConfig.graphqlSchema)).toBe(printed(ours));
});

const binary = process.env['COSMO_ROUTER'];

describe.skipIf(binary === undefined)('where COSMO_ROUTER names the program', () => {
  describeGateway({
    name: 'Cosmo Router',
    compose: graphForCosmo,
    startGateway: startCosmoRouter(binary ?? ''),
    facts: {
      indexesPaths: false,
      defers: true,
      mergesMutations: false,
      leavesTypes: [],
      wrongSecret: {
        message: 'Only the router is answered: send its secret as router-authorization.',
        extensions: { code: 'FORBIDDEN' },
      },
      subgraphDown: { message: "Failed to fetch from Subgraph 'users'." },
    },
  });
});
