// Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
import relay, { type GraphQLResponse } from 'relay-runtime';
import MeQuery, { type relayMeQuery } from './__generated__/relayMeQuery.graphql.ts';
import UpdateMe, { type relayUpdateMeMutation } from './__generated__/relayUpdateMeMutation.graphql.ts';

const { commitMutation, Environment, fetchQuery, graphql, Network, RecordSource, Store } = relay;

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(async ({ text }, variables) => {
    const answer = await fetch(process.env['GRAPHQL_URL'] ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-ada' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await answer.json()) as GraphQLResponse;
  }),
});

// A page's bundler puts the compiled query in the place of the text; here the compiled one is imported.
void (() => graphql`
  query relayMeQuery {
    me {
      name
      billing @catch {
        subscriptionStatus
      }
    }
  }
`);
void (() => graphql`
  mutation relayUpdateMeMutation($input: UpdateMeInput!) {
    updateMe(input: $input) {
      __typename
      ... on UpdateMeSuccess {
        user {
          timezone
          bio
        }
      }
      ... on UpdateMeInvalid {
        fieldErrors {
          field
          message
        }
      }
    }
  }
`);

const data = await fetchQuery<relayMeQuery>(environment, MeQuery, {}).toPromise();
if (!data?.me) throw new Error('nobody is logged in');
const { name, billing } = data.me;
if (!billing.ok)
  for (const { extensions } of billing.errors as Trouble[])
    console.log('trouble me.billing', extensions.code);
console.log('me', name);
await change({ timezone: 'Europe/London' });
await change({ timezone: 'Mars/Olympus' });

/** What Relay leaves of an entry of `errors`: neither the message nor the path. */
interface Trouble {
  extensions: { code: string };
}

function change(input: relayUpdateMeMutation['variables']['input']): Promise<void> {
  return new Promise((resolve, reject) => {
    commitMutation<relayUpdateMeMutation>(environment, {
      mutation: UpdateMe,
      variables: { input },
      onError: reject,
      onCompleted({ updateMe }) {
        if (updateMe?.__typename === 'UpdateMeSuccess')
          console.log('changed', updateMe.user.timezone, '| bio:', updateMe.user.bio);
        else if (updateMe?.__typename === 'UpdateMeInvalid')
          console.log('refused', updateMe.fieldErrors[0]?.field);
        else console.log('something newer, or nothing');
        resolve();
      },
    });
  });
}
