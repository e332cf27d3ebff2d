// Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { possibleTypes, typePolicies } from 'user-subgraph-contract/cache';
import { PartialAnswers } from 'user-subgraph-contract/partial-answers';
import { MeDocument, UpdateMeDocument, type UpdateMeInput } from './generated/graphql.ts';
import { partialAnswersLink } from './partial-answers-link.ts';

// Apollo Client's types want to be told of the policy too.
declare module '@apollo/client' {
  namespace ApolloClient.DeclareDefaultOptions {
    interface WatchQuery {
      errorPolicy: 'all';
    }
    interface Query {
      errorPolicy: 'all';
    }
    interface Mutate {
      errorPolicy: 'all';
    }
  }
}

const parts = new PartialAnswers();
const client = new ApolloClient({
  link: partialAnswersLink(parts).concat(
    new HttpLink({ uri: process.env['GRAPHQL_URL'] ?? '', headers: { authorization: 'Bearer demo-ada' } }),
  ),
  cache: new InMemoryCache({ possibleTypes, typePolicies }),
  defaultOptions: {
    watchQuery: { errorPolicy: 'all' },
    query: { errorPolicy: 'all' },
    mutate: { errorPolicy: 'all' },
  },
});

const { data, error } = await client.query({ query: MeDocument });
if (!data?.me) throw error ?? new Error('nobody is logged in');
if (CombinedGraphQLErrors.is(error))
  for (const { path, extensions } of error.errors)
    console.log('trouble', path?.join('.'), extensions?.['code']);
console.log('me', data.me.name);
await change({ timezone: 'Europe/London' });
await change({ timezone: 'Mars/Olympus' });

async function change(input: UpdateMeInput): Promise<void> {
  const { data, error } = await client.mutate({ mutation: UpdateMeDocument, variables: { input } });
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
