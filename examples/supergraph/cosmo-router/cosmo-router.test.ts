import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeGateway } from '../../../test/gateway/suite.ts';
import { composeWithCosmo, graphForCosmo, startCosmoRouter } from './gateway.ts';

test("Cosmo's composer accepts both subgraphs, and routes each to its address", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cosmo-'));
  const [graphFile, configFile] = [join(directory, 'graph.yaml'), join(directory, 'config.json')];
  await writeFile(
    graphFile,
    graphForCosmo({ users: 'http://users.example', projects: 'http://projects.example' }),
  );
  await composeWithCosmo(graphFile, configFile);
  const config = await readFile(configFile, 'utf8');
  await rm(directory, { recursive: true });
  const { subgraphs } = JSON.parse(config) as { subgraphs: { name: string; routingUrl: string }[] };
  expect(subgraphs.map(({ name, routingUrl }) => [name, routingUrl])).toEqual([
    ['users', 'http://users.example'],
    ['projects', 'http://projects.example'],
  ]);
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
