import {
  ApolloClient,
  type ErrorPolicy,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { cacheExchange as documentCache, Client, type Exchange, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import relay, { type GraphQLResponse } from 'relay-runtime';
import { keys, possibleTypes, typePolicies } from 'user-subgraph-contract/cache';
import { PartialAnswers } from 'user-subgraph-contract/partial-answers';
import StatusNode from './__generated__/pagesStatusQuery.graphql.ts';
import PaymentNode from './__generated__/pagesPaymentQuery.graphql.ts';
import { partialAnswersExchange } from '../partial-answers-exchange.ts';
import { partialAnswersLink } from '../partial-answers-link.ts';

const {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getRequest,
  graphql,
  Network,
  RecordSource,
  Store,
} = relay;

/** What a component shows, as its client tells it at this moment. */
export interface Shown {
  /** The person as far as there is one; `billing` null or an object. */
  user(): User | null | undefined;
  /** Whether the client says that something is missing. */
  isTold(): boolean;
  /** Asks the network again, as a retry button does. */
  again(): Promise<unknown>;
  leave(): void;
}

interface User {
  __typename?: string;
  id: string;
  name?: string | null;
  billing: object | null;
}

/** A page on one client and its cache: a component appears on it with its own query. */
export type Page = (which: 'status' | 'payment', how?: { past?: boolean }) => Shown;

/** How a page reaches the service. */
export interface Wire {
  url: string;
  fetch: typeof fetch;
}

const headers = { authorization: 'Bearer demo-ada' };

/** Two components that read different fields of the same billing, which has no id. */
const queries = {
  status: 'query Status { me { __typename id name billing { __typename subscriptionStatus } } }',
  payment: 'query Payment { me { __typename id billing { __typename hasPaymentMethod } } }',
};

type Data = { me: User | null };

/** Every operation says its own policy; the types want to hear of a default all the same. */
export const defaultOptions = {
  watchQuery: { errorPolicy: 'all' },
  query: { errorPolicy: 'all' },
  mutate: { errorPolicy: 'all' },
} as const;

/** What `useQuery` of Apollo Client does, without React. */
export function apolloPage(
  { url, fetch }: Wire,
  {
    errorPolicy,
    isConfigured = true,
    parts,
  }: { errorPolicy: ErrorPolicy; isConfigured?: boolean; parts?: PartialAnswers },
): Page {
  const http = new HttpLink({ uri: url, headers, fetch });
  const client = new ApolloClient({
    link: parts ? partialAnswersLink(parts).concat(http) : http,
    cache: new InMemoryCache(isConfigured ? { possibleTypes, typePolicies } : {}),
    defaultOptions,
  });
  return (which, { past = false } = {}) => {
    const query: TypedDocumentNode<Data> = gql(queries[which]);
    const fetchPolicy = past ? 'no-cache' : 'cache-first';
    const observed = client.watchQuery({ query, errorPolicy, fetchPolicy });
    const subscription = observed.subscribe(() => {});
    const current = () => observed.getCurrentResult();
    const user = () => (current().data as Data | undefined)?.me;
    return {
      user,
      isTold: () => (parts ? parts.troubleAt(user(), 'billing') : current().error) !== undefined,
      again: () => observed.refetch().catch(() => {}),
      leave: () => subscription.unsubscribe(),
    };
  };
}

const caches = {
  document: () => documentCache,
  graphcache: () => cacheExchange({ keys, possibleTypes }),
  'graphcache with schema': (schema: object) => cacheExchange({ keys, schema: schema as never }),
} satisfies Record<string, (schema: object) => Exchange>;

/** What `useQuery` of urql does, without React. */
export function urqlPage(
  { url, fetch }: Wire,
  { cache, schema = {}, parts }: { cache: keyof typeof caches; schema?: object; parts?: PartialAnswers },
): Page {
  const client = new Client({
    url,
    fetch,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [caches[cache](schema), ...(parts ? [partialAnswersExchange(parts)] : []), fetchExchange],
  });
  return (which, { past = false } = {}) => {
    const query = gql(queries[which]);
    let last: { data?: Data | undefined; error?: Error | undefined } | undefined;
    const requestPolicy = past ? 'network-only' : 'cache-first';
    const subscription = client
      .query<Data>(query, {}, { requestPolicy })
      .subscribe((result) => void (last = result));
    const user = () => last?.data?.me;
    return {
      user,
      isTold: () => (parts ? parts.troubleAt(user(), 'billing') : last?.error) !== undefined,
      again: () => client.query<Data>(query, {}, { requestPolicy: 'network-only' }).toPromise(),
      leave: () => subscription.unsubscribe(),
    };
  };
}

void (() => graphql`
  query pagesStatusQuery {
    me {
      id
      name
      billing @catch {
        subscriptionStatus
      }
    }
  }
`);
void (() => graphql`
  query pagesPaymentQuery {
    me {
      id
      billing @catch {
        hasPaymentMethod
      }
    }
  }
`);
type Caught = { ok: true; value: object | null } | { ok: false };

/** What `useLazyLoadQuery` of Relay does, without React, with `@catch` on the provider's field. */
export function relayPage({ url, fetch }: Wire): Page {
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }, variables) => {
      const body = JSON.stringify({ query: text, variables });
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
      return (await answer.json()) as GraphQLResponse;
    }),
  });
  return (which) => {
    const node = { status: StatusNode, payment: PaymentNode }[which];
    const operation = createOperationDescriptor(getRequest(node), {});
    const again = () => fetchQuery(environment, node, {}, { fetchPolicy: 'network-only' }).toPromise();
    const isThere = environment.check(operation).status === 'available';
    const { dispose } = environment.retain(operation);
    if (!isThere) void again();
    const me = () =>
      (
        environment.lookup(operation.fragment).data as
          { me?: { id: string; billing: Caught } | null } | undefined
      )?.me;
    return {
      user: () => {
        const user = me();
        return user && { ...user, billing: user.billing?.ok ? user.billing.value : null };
      },
      isTold: () => me()?.billing?.ok === false,
      again,
      leave: dispose,
    };
  };
}
