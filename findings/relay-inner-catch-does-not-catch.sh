#!/usr/bin/env bash
# relay-runtime and relay-compiler 21.0.1: a field's error goes to every @catch above it, not to the nearest. With one on `me` and
# one on `me.billing` a failed `billing` takes all of `me` along, and the inner one, which has the same error, is not read. Of
# the error there are `extensions` alone: neither the message nor the path that the documentation's examples show.
#
# Seen:
#   inner: {"me":{"name":"Ada","billing":{"errors":[{"extensions":{"code":"DOWN"}}],"ok":false}}}
#   both:  {"me":{"errors":[{"extensions":{"code":"DOWN"}}],"ok":false}}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund relay-runtime@21.0.1 relay-compiler@21.0.1 graphql@16.15.0 > /dev/null 2>&1
mkdir src
echo 'type Query { me: User } type User { name: String billing: Billing } type Billing { status: String }' > schema.graphql
cat > src/queries.js <<'JS'
import { graphql } from 'relay-runtime';

graphql`query queriesInnerQuery { me { name billing @catch { status } } }`;
graphql`query queriesBothQuery { me @catch { name billing @catch { status } } }`;
JS
echo '{ "src": "src", "schema": "schema.graphql", "language": "javascript", "eagerEsModules": true }' > relay.config.json
npx relay-compiler relay.config.json > /dev/null 2>&1
cat > run.js <<'JS'
import relay from 'relay-runtime';
import both from './src/__generated__/queriesBothQuery.graphql.js';
import inner from './src/__generated__/queriesInnerQuery.graphql.js';

const answer = {
  data: { me: { name: 'Ada', billing: null } },
  errors: [{ message: 'Down', path: ['me', 'billing'], extensions: { code: 'DOWN' } }],
};
for (const [words, query] of Object.entries({ 'inner:': inner, 'both: ': both })) {
  const environment = new relay.Environment({
    store: new relay.Store(new relay.RecordSource()),
    network: relay.Network.create(async () => answer),
  });
  console.log(words, JSON.stringify(await relay.fetchQuery(environment, query, {}).toPromise()));
}
JS
seen=$(node run.js)
echo "$seen"
[ "$seen" = 'inner: {"me":{"name":"Ada","billing":{"errors":[{"extensions":{"code":"DOWN"}}],"ok":false}}}
both:  {"me":{"errors":[{"extensions":{"code":"DOWN"}}],"ok":false}}' ]
