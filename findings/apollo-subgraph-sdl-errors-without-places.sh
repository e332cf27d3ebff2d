#!/usr/bin/env bash
# @apollo/subgraph 2.15.1: what is wrong in an SDL is thrown as one plain Error, all messages joined: neither the errors nor
# the lines can be had from it. graphql-js's own validateSDL gives the same messages as GraphQLErrors with locations.
#
# Seen:
#   subgraph: Error, errors undefined, locations undefined
#   graphql: GraphQLError, locations [{"line":3,"column":9}]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @apollo/subgraph@2.15.1 graphql@16.15.0 >/dev/null

cat >ask.cjs <<'END'
const { buildSubgraphSchema } = require('@apollo/subgraph');
const { parse } = require('graphql');
const { validateSDL } = require('graphql/validation/validate');

const typeDefs = parse('type Query {\n  a: Int\n  name: Strin\n}');
try {
  buildSubgraphSchema([{ typeDefs, resolvers: {} }]);
} catch (error) {
  console.log(`subgraph: ${error.constructor.name}, errors ${error.errors}, locations ${error.locations}`);
}
const [error] = validateSDL(typeDefs);
console.log(`graphql: ${error.name}, locations ${JSON.stringify(error.locations)}`);
END

seen=$(node ask.cjs)
echo "$seen"
[ "$seen" = 'subgraph: Error, errors undefined, locations undefined
graphql: GraphQLError, locations [{"line":3,"column":9}]' ]
