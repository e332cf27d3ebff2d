#!/usr/bin/env bash
# @apollo/server 5.5.1: the content type of an answer is negotiated when the operation has been executed. A mutation whose
# `accept` allows neither JSON type is carried out, and then answered with 406, which reads as if nothing had been done.
#
# Seen: 406, changes made: 1
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @apollo/server@5.5.1 graphql@16.15.0 >/dev/null

cat >ask.mjs <<'END'
import { ApolloServer, HeaderMap } from '@apollo/server';

let changes = 0;
const server = new ApolloServer({
  typeDefs: 'type Query { changes: Int } type Mutation { change: Int }',
  resolvers: { Mutation: { change: () => (changes += 1) } },
});
await server.start();
const headers = new HeaderMap([
  ['content-type', 'application/json'],
  ['accept', 'text/html'],
]);
const { status } = await server.executeHTTPGraphQLRequest({
  httpGraphQLRequest: { method: 'POST', headers, search: '', body: { query: 'mutation { change }' } },
  context: async () => ({}),
});
console.log(`${status}, changes made: ${changes}`);
END

seen=$(node ask.mjs)
echo "$seen"
[ "$seen" = '406, changes made: 1' ]
