import type { GraphQLRequest } from '@apollo/server';
import { Refusal } from './answers.ts';

/** What a body asks for. */
export type AskedFor = Pick<GraphQLRequest, 'query' | 'operationName' | 'variables' | 'extensions'>;

/**
 * Reads a body as the request that GraphQL over HTTP says it is.
 *
 * @throws Refusal 400
 */
export function graphqlRequest(body: unknown): AskedFor {
  if (!isObject(body) || Object.keys(body).length === 0)
    throw wrong('The request body must be one JSON object, such as {"query":"{ me { name } }"}.');
  const { query, operationName, variables, extensions } = body;
  if (!isAbsent(query) && typeof query !== 'string') throw wrong('`query` must be text.');
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw wrong('`operationName` must be text.');
  if (!isAbsent(variables) && !isObject(variables)) throw wrong('`variables` must be a JSON object.');
  if (!isAbsent(extensions) && !isObject(extensions)) throw wrong('`extensions` must be a JSON object.');
  // With null in place of what is absent, Apollo Server would look for an operation of that name.
  return {
    ...(!isAbsent(query) && { query }),
    ...(!isAbsent(operationName) && { operationName }),
    ...(!isAbsent(variables) && { variables }),
    ...(!isAbsent(extensions) && { extensions }),
  };
}

function wrong(message: string): Refusal {
  return new Refusal(400, 'BAD_REQUEST', message);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
