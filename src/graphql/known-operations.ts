import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../request/context.ts';
import { after, type Soon } from '../loading/soon.ts';
import type { OperationObserver } from '../telemetry/operation-observer.ts';
import { excessOf } from './representations.ts';
import type { ApolloSettings } from './apollo.ts';
import { type CompiledQuery, compiledQuery } from './compiled-query.ts';
import { masked } from './observing.ts';

/** What operations are answered with. */
export interface KnownOperationsParts extends ApolloSettings {
  observers: readonly OperationObserver[];
}

/** Apollo Server's: for now, or for good. */
type NotCompiled = 'seen' | 'not to be compiled';

/** What is remembered: gateways send a few dozen operations of some kB. */
const MOST_OPERATIONS = 500;
const MOST_CHARACTERS = 1024 * 1024;
const LONGEST_OPERATION = 32 * 1024;

/**
 * Queries that have been asked before, compiled, and answered without Apollo Server. Measured: an operation for one
 * user takes a third less processor time, `me` a fifth, half of it each by leaving out Apollo Server's pipeline and by
 * compiling.
 *
 * Apollo Server stays the one that decides. It has read, validated and limited each document before it comes here.
 * Whatever is not exactly what has been seen before goes to it: new documents, mutations, extensions, too many
 * representations, variables that do not fit.
 */
export class KnownOperations {
  readonly #parts: KnownOperationsParts;
  readonly #operations = new LRUCache<string, CompiledQuery | NotCompiled>({
    max: MOST_OPERATIONS,
    maxSize: MOST_CHARACTERS,
    maxEntrySize: LONGEST_OPERATION,
    sizeCalculation: (_operation, key) => key.length,
  });

  constructor(parts: KnownOperationsParts) {
    this.#parts = parts;
  }

  /** Learns from Apollo Server which operations are good. One that is asked a second time is compiled. */
  readonly plugin: ApolloServerPlugin<Context> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request: { query, operationName }, document, operation }) => {
        if (query === undefined || operation?.operation !== 'query') return;
        const key = keyOf(query, operationName);
        const known = this.#operations.get(key);
        if (known === undefined) this.#operations.set(key, 'seen');
        else if (known === 'seen') {
          const compiled = await compiledQuery(document, operation, this.#parts);
          this.#operations.set(key, compiled ?? 'not to be compiled');
        }
      },
    }),
  };

  /** The answer to a request, undefined when it is one for Apollo Server. */
  answer(body: unknown, context: Context): Soon<object> | undefined {
    const request = plainRequest(body);
    if (!request) return undefined;
    const known = this.#operations.get(keyOf(request.query, request.operationName));
    if (known === undefined || typeof known === 'string') return undefined;
    const { operation, run } = known;
    const sent = request.variables ?? {};
    if (excessOf(known.demandOf(sent), this.#parts.config) !== undefined) return undefined;
    const variables = known.valuesOf(sent);
    if (variables === undefined) return undefined;

    const { observers, log } = this.#parts;
    const ends = observers.map((observer) => observer.begins(context));
    return after(run(undefined, context, variables), ({ data, errors: thrown = [] }) => {
      const formatted = thrown.map((error) => this.#formatted(error));
      const errors = masked(formatted, thrown, context, log);
      for (const end of ends) end({ definition: operation, errors });
      return errors.length > 0 ? { errors, data } : { data };
    });
  }

  /** As Apollo Server hands errors to `formatError`. */
  #formatted(error: GraphQLError): GraphQLFormattedError {
    const code = error.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
    const extensions = { ...error.extensions, code };
    return this.#parts.formatError({ ...error.toJSON(), extensions }, error);
  }
}

/** A request that says nothing but which operation to execute, with which variables. */
interface PlainRequest {
  query: string;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>> | undefined;
}

function plainRequest(body: unknown): PlainRequest | undefined {
  if (!isObject(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || (extensions ?? null) !== null) return undefined;
  if ((variables ?? null) !== null && !isObject(variables)) return undefined;
  if ((operationName ?? null) !== null && !isName(operationName)) return undefined;
  return { query, operationName, variables } as PlainRequest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^\w+$/.test(value);
}

function keyOf(query: string, operationName: string | null | undefined): string {
  return `${operationName ?? ''}\n${query}`;
}
