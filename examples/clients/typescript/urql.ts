// Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keys, possibleTypes } from 'user-subgraph-contract/cache';
import { PartialAnswers } from 'user-subgraph-contract/partial-answers';
import { MeDocument, UpdateMeDocument, type UpdateMeInput } from './generated/graphql.ts';
import { partialAnswersExchange } from './partial-answers-exchange.ts';

const parts = new PartialAnswers();
const client = new Client({
  url: process.env['GRAPHQL_URL'] ?? '',
  preferGetMethod: false,
  fetchOptions: { headers: { authorization: 'Bearer demo-ada' } },
  exchanges: [cacheExchange({ keys, possibleTypes }), partialAnswersExchange(parts), fetchExchange],
});

const { data, error } = await client.query(MeDocument, {});
if (!data?.me) throw error ?? new Error('nobody is logged in');
for (const { path, extensions } of error?.graphQLErrors ?? [])
  console.log('trouble', path?.join('.'), extensions['code']);
console.log('me', data.me.name);
await change({ timezone: 'Europe/London' });
await change({ timezone: 'Mars/Olympus' });

async function change(input: UpdateMeInput): Promise<void> {
  const { data, error } = await client.mutation(UpdateMeDocument, { input });
  const result = data?.updateMe;
  switch (result?.__typename) {
    case 'UpdateMeSuccess':
      return console.log('changed', result.user.timezone, '| bio:', result.user.bio);
    case 'UpdateMeInvalid':
      return console.log('refused', result.fieldErrors[0]?.field);
    case undefined:
      throw error ?? new Error('no answer');
    default:
      console.log('something newer:', result satisfies never);
  }
}
