#!/usr/bin/env bash
# @graphql-hive/gateway-runtime 2.12.1: demand control never adds what an operation costs by its type.
#
# `operationTypeCost` is documented to be 10 for a mutation unless said otherwise. It is looked up where a *schema* names its
# root types (OperationTypeDefinition), which no operation has, so it is never called: a mutation costs what the same query
# costs, and `operationTypeCost: () => 500` changes nothing.
#
# Seen: query 1, mutation 1, mutation with operationTypeCost 500: 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --no-audit --no-fund --silent @graphql-hive/gateway-runtime@2.12.1 @graphql-mesh/transport-http@1.2.1 @theguild/federation-composition@0.27.0 graphql@16.15.0
cat > run.mjs <<'JS'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { thing: Thing }
  type Mutation { make: Thing }
  type Thing @key(fields: "id") { id: ID! }`;
const { supergraphSdl } = composeServices([{ name: 'things', url: 'http://things.example/', typeDefs: parse(sdl) }]);

async function estimated(query, demandControl = {}) {
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    demandControl: { includeExtensionMetadata: true, ...demandControl },
    fetchAPI: {
      fetch: async (_, { body }) =>
        Response.json({ data: { [body.includes('mutation') ? 'make' : 'thing']: { id: '1', __typename: 'Thing' } } }),
    },
  });
  const response = await gateway.fetch('http://gateway.example/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { extensions } = await response.json();
  await gateway[Symbol.asyncDispose]();
  return extensions.cost.estimated;
}
const query = await estimated('{ thing { id } }');
const mutation = await estimated('mutation { make { id } }');
const dear = await estimated('mutation { make { id } }', { operationTypeCost: () => 500 });
console.log(`query ${query}, mutation ${mutation}, mutation with operationTypeCost 500: ${dear}`);
JS
output=$(node run.mjs 2>/dev/null | tail -1)
echo "$output"
[ "$output" = 'query 1, mutation 1, mutation with operationTypeCost 500: 1' ]
