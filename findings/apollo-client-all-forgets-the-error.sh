#!/usr/bin/env bash
# @apollo/client 4.3.8, errorPolicy 'all': the error of a field stays with the component that asked. A second one with the same
# query is given the null from the cache as a complete answer (`dataState: 'complete'`, network status ready), makes no request
# and has no error: it cannot tell "failed" from "has none". Asking again while it fails puts the null over good data, for both.
#
# Seen:
#   first: {"billing":null} error Down; second: {"billing":null} error none, complete, requests 1
#   good: {"billing":{"__typename":"Billing","status":"ACTIVE"}}; asked again: {"billing":null}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @apollo/client@4.3.8 graphql@16.15.0 rxjs@7.8.2 > /dev/null 2>&1
cat > run.js <<'JS'
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { of } from 'rxjs';

const query = gql`{ me { id billing { status } } }`;
let requests = 0;
let isDown = true;
const link = new ApolloLink(() => {
  requests += 1;
  const me = { __typename: 'User', id: '1', billing: isDown ? null : { __typename: 'Billing', status: 'ACTIVE' } };
  return of(isDown ? { data: { me }, errors: [{ message: 'Down', path: ['me', 'billing'] }] } : { data: { me } });
});
const open = () => new ApolloClient({ link, cache: new InMemoryCache() });
const appear = async (client) => {
  const watched = client.watchQuery({ query, errorPolicy: 'all' });
  watched.subscribe(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  return watched;
};
const billing = (watched) => JSON.stringify({ billing: watched.getCurrentResult().data.me.billing });

const client = open();
const first = await appear(client);
const second = await appear(client);
const { error, dataState } = second.getCurrentResult();
console.log(
  `first: ${billing(first)} error ${first.getCurrentResult().error?.message}; ` +
    `second: ${billing(second)} error ${error?.message ?? 'none'}, ${dataState}, requests ${requests}`,
);
isDown = false;
const later = await appear(open());
const good = billing(later);
isDown = true;
await later.refetch();
console.log(`good: ${good}; asked again: ${billing(later)}`);
JS
seen=$(node run.js)
echo "$seen"
[ "$seen" = 'first: {"billing":null} error Down; second: {"billing":null} error none, complete, requests 1
good: {"billing":{"__typename":"Billing","status":"ACTIVE"}}; asked again: {"billing":null}' ]
