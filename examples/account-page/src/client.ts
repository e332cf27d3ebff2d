import { PartialAnswers } from 'user-subgraph-contract/partial-answers';
import {
  cacheExchange,
  Client,
  fetchExchange,
  makeOperation,
  mapExchange,
  type Operation,
  type OperationResult,
} from 'urql';

/**
 * A GraphQL client that speaks for the owner of a Bird login token. Its cache is there for one thing: a mutation that
 * answers with a type makes every query that shows this type be asked again.
 */
export function openClient(token: string): Client {
  const parts = new PartialAnswers();
  return new Client({
    url: '/graphql',
    exchanges: [cacheExchange, mapExchange({ onOperation: byId, onResult: keepKnown(parts) }), fetchExchange],
    fetch: fetchWithTextOnDemand,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    preferGetMethod: false,
  });
}

/** While a provider is down, what it has answered before stays; the error that says so stays as well. */
function keepKnown(parts: PartialAnswers) {
  return (result: OperationResult): OperationResult => {
    const { operation, data, error } = result;
    const query = operation.kind === 'query' ? operation.key : undefined;
    return { ...result, data: parts.heard({ data, errors: error?.graphQLErrors }, query) };
  };
}

/** Names the document by the id that codegen has given it; its text stays at home. */
function byId(operation: Operation): Operation {
  const { __meta__ } = operation.query as { __meta__?: { hash: string } };
  if (!__meta__) return operation;
  const extensions = { persistedQuery: { version: 1 as const, sha256Hash: __meta__.hash } };
  return makeOperation(operation.kind, { ...operation, extensions });
}

/**
 * A gateway that has the manifest knows every document by its id. One that has not is sent the text out of the same
 * manifest: with the id, if it asks for it so as to remember it (automatic persisted queries), or else alone.
 */
const fetchWithTextOnDemand: typeof fetch = async (url, init) => {
  const response = await fetch(url, init);
  const wants = await wantsText(response);
  if (!wants || typeof init?.body !== 'string') return response;
  const { default: texts } = await import('./generated/persisted-documents.json');
  const { extensions, ...request } = JSON.parse(init.body);
  const query = texts[extensions.persistedQuery.sha256Hash as keyof typeof texts];
  const body = { ...request, query, ...(wants === 'with-id' && { extensions }) };
  return fetch(url, { ...init, body: JSON.stringify(body) });
};

/** Nothing was executed where a text is wanted: to a request without one, a server that takes no ids says 400. */
async function wantsText(response: Response): Promise<'with-id' | 'alone' | undefined> {
  const answer: { errors?: { message?: string }[] } = await response
    .clone()
    .json()
    .catch(() => ({}));
  const message = answer.errors?.[0]?.message;
  if (message === 'PersistedQueryNotFound') return 'with-id';
  return message === 'PersistedQueryNotSupported' || response.status === 400 ? 'alone' : undefined;
}
