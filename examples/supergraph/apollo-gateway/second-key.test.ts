import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { readSdl } from '../../../src/graphql/schema.ts';
import { startSubgraph } from '../../../test/support/subgraph.ts';
import { startApolloGateway } from './gateway.ts';

const tickets = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { tickets: [Ticket!]! }
  type Ticket { title: String!  requester: User }
  type User @key(fields: "ejentoUserId") { ejentoUserId: ID }
`);

test('a subgraph that knows people by their Ejento account alone can refer to them', async () => {
  const resolvers = {
    Query: {
      tickets: () => [
        { title: 'Too slow', requester: { ejentoUserId: '147' } },
        { title: 'Too fast', requester: { ejentoUserId: '148' } },
        { title: 'Gone', requester: { ejentoUserId: '999999' } },
      ],
    },
  };
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: tickets, resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  onTestFinished(() => server.stop());
  const users = await startSubgraph();
  onTestFinished(() => users.stop());
  const { supergraphSdl, errors: problems } = composeServices([
    { name: 'users', url: `${users.url}/graphql`, typeDefs: parse(readSdl()) },
    { name: 'tickets', url, typeDefs: tickets },
  ]);
  expect(problems).toBeUndefined();
  const gateway = await startApolloGateway({ supergraphSdl: supergraphSdl ?? '', routerSecret: '', port: 0 });
  onTestFinished(() => gateway.stop());

  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-ada' },
    body: JSON.stringify({ query: '{ tickets { title requester { id name organization { name } } } }' }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    tickets: [
      {
        title: 'Too slow',
        requester: {
          id: '00000000-0000-4000-8000-000000000ada',
          name: 'Ada Lovelace',
          organization: { name: 'Analytical Engines' },
        },
      },
      {
        title: 'Too fast',
        requester: {
          id: '00000000-0000-4000-8000-000000009ace',
          name: 'Grace Hopper',
          organization: { name: 'Compilers United' },
        },
      },
      // Nobody has this account: without an id there is nobody to tell of.
      { title: 'Gone', requester: null },
    ],
  });
});
