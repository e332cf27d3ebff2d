#!/usr/bin/env bash
# @urql/exchange-graphcache 9.0.2: with `schema` a second subscriber takes the error away from the first. A field that failed
# is not cached, and as it is nullable the second is given it as null, from the cache, without an error, not stale, and without a
# request; the first is told this result too, and its error is gone. Without `schema` both have the error.
#
# Seen:
#   without schema: first Down, then Down; second Down; requests 1
#   with schema:    first Down, then none; second none; requests 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @urql/core@6.0.3 @urql/exchange-graphcache@9.0.2 graphql@16.15.0 > /dev/null 2>&1
cat > run.js <<'JS'
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { buildSchema, introspectionFromSchema } from 'graphql';

const schema = introspectionFromSchema(
  buildSchema('type Query { me: User } type User { id: ID! name: String billing: Billing } type Billing { id: ID! }'),
);
const answer = {
  data: { me: { __typename: 'User', id: '1', name: 'Ada', billing: null } },
  errors: [{ message: 'Down', path: ['me', 'billing'] }],
};
async function run(words, options) {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
  };
  const exchanges = [cacheExchange(options), fetchExchange];
  const client = new Client({ url: 'http://localhost', fetch, preferGetMethod: false, exchanges });
  const appear = async () => {
    const shown = {};
    client.query('{ me { id name billing { id } } }', {}).subscribe((result) => Object.assign(shown, { result }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return shown;
  };
  const told = ({ result }) => result.error?.graphQLErrors[0].message ?? 'none';
  const first = await appear();
  const atFirst = told(first);
  const second = await appear();
  console.log(`${words} first ${atFirst}, then ${told(first)}; second ${told(second)}; requests ${requests}`);
}
await run('without schema:', {});
await run('with schema:   ', { schema });
JS
seen=$(node run.js)
echo "$seen"
[ "$seen" = 'without schema: first Down, then Down; second Down; requests 1
with schema:    first Down, then none; second none; requests 1' ]
