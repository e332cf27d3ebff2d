import { ApolloGateway } from '@apollo/gateway';
import { composeServices } from '@theguild/federation-composition';
import { buildSchema, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { startWorld } from '../../../test/gateway/world.ts';
import { composeForHive, composeSupergraph, subgraphs } from '../supergraph.ts';
import { startApolloGateway } from './gateway.ts';

const urls = { users: 'http://users.example/graphql', projects: 'http://projects.example/graphql' };

/** The schema that clients of `@apollo/gateway` see. */
async function seenByClients(supergraphSdl: string): Promise<GraphQLSchema> {
  const gateway = new ApolloGateway({ supergraphSdl });
  const { schema } = await gateway.load();
  await gateway.stop();
  return schema;
}

const printed = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));

describe('the supergraph', () => {
  test('is composed by both composers into one public schema', async () => {
    const { publicSdl = '' } = composeServices(subgraphs(urls));
    const apollos = printed(await seenByClients(composeSupergraph(urls)));
    expect(printed(buildSchema(publicSdl))).toBe(apollos);
    expect(printed(await seenByClients(composeForHive(urls)))).toBe(apollos);
    expect(apollos).toContain('ejentoAccount: EjentoAccount');
  });

  test('runs the same, whoever composed it', async () => {
    const world = await startWorld({ startGateway: startApolloGateway, compose: composeForHive });
    const { data, errors } = await world.ask(
      '{ me { name projects { members { organization { name } } } } }',
    );
    await world.stop();
    expect(errors).toEqual([]);
    expect(data.me.projects[0].members[1].organization.name).toBe('Compilers United');
  });
});
