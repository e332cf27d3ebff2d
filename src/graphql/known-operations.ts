import type { GraphQLRequestContextResponseForOperation } from '@apollo/server';
import { getOperationAST, type GraphQLError, type GraphQLFormattedError, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Context } from '../request/context.ts';
import { after, type Soon } from '../loading/soon.ts';
import type { OperationObserver } from '../telemetry/operation-observer.ts';
import { excessOf } from './representations.ts';
import type { ApolloSettings } from './apollo.ts';
import type { Answer } from './execution/executor.ts';
import { type PlannedQuery, plannedQuery } from './planned-query.ts';
import { masked } from './masked.ts';
import { plainRequest } from './plain-request.ts';

/** What operations are answered with. */
export interface KnownOperationsParts extends ApolloSettings {
  observers: readonly OperationObserver[];
}

/** An answer whose errors are in the words for the outside, beside those that were thrown, in the same order. */
export interface Executed extends Pick<Answer, 'data' | 'characters'> {
  errors: readonly GraphQLFormattedError[];
  thrown: readonly GraphQLError[];
}

/** What an operation is answered with, before it is written. */
export interface Answered {
  answer: object;
  /** How long it is at most as JSON, but for what has to be escaped; where that is known. */
  characters?: number | undefined;
  /** Of HTTP; 200 when it is not said. */
  status?: number | undefined;
  /** Tells the observers, once: of the answer's errors, or of what is sent in its place. */
  tell(instead?: readonly GraphQLFormattedError[]): void;
}

/** Has something of each kind that a query may have, and needs nobody who asks. */
const WARM_UP = parse(
  'query ($isWanted: Boolean!) { __typename ...ofService } fragment ofService on Query { _service { sdl @include(if: $isWanted) } }',
);

/** Errors that are put into words in one go, a few milliseconds of work. Then others have their turn. */
const ERRORS_IN_A_GO = 2_000;

/** Asked once: a plan is kept of what is asked again. */
const SEEN = 'seen';

/** What is remembered: gateways send a few dozen operations of some kB. In bytes of memory, of which there is a bound. */
const MOST_OPERATIONS = 500;
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Executes queries, each as it is planned once (`execution/`); those that have been asked before without Apollo Server.
 *
 * Apollo Server stays the one that decides. It has read, validated and limited each document before it comes here.
 * Whatever is not exactly what has been seen before goes to it: new documents, mutations, introspection, extensions,
 * too many representations, variables that do not fit.
 */
export class KnownOperations {
  readonly #parts: KnownOperationsParts;
  readonly #operations = new LRUCache<string, PlannedQuery | typeof SEEN>({
    max: MOST_OPERATIONS,
    maxSize: MOST_BYTES,
    sizeCalculation: (known, key) => (known === SEEN ? 1 + key.length * 2 : known.bytes),
  });

  constructor(parts: KnownOperationsParts) {
    this.#parts = parts;
  }

  /**
   * Validates, plans and executes a query that nobody has asked for: all that this is made of is compiled then, and not
   * while those wait who are the first to ask (the first plan of a process took 15 ms, with this 2).
   */
  warm(): void {
    const { schema } = this.#parts;
    validate(schema, WARM_UP);
    const planned = plannedQuery(schema, WARM_UP, getOperationAST(WARM_UP) ?? undefined);
    void planned?.execute({}, { isWanted: true });
  }

  /** Executes what Apollo Server has found good; undefined when it is to be executed by Apollo Server. */
  execute({
    request: { query = '', operationName, variables },
    document,
    operation,
    contextValue: context,
  }: GraphQLRequestContextResponseForOperation<Context>): Soon<Executed> | undefined {
    // There is none when the request means one that the document does not have, whatever its name makes the key look like.
    if (!operation) return undefined;
    const key = keyOf(query, operationName);
    let known = this.#operations.get(key);
    if (known === undefined || known === SEEN) {
      const planned = plannedQuery(this.#parts.schema, document, operation);
      if (!planned) return undefined;
      this.#operations.set(key, known === SEEN ? planned : SEEN);
      known = planned;
    }
    const values = known.valuesOf(variables ?? {});
    return values && this.#executed(known, context, values);
  }

  /** The answer to a request, undefined when it is one for Apollo Server. */
  answer(body: unknown, context: Context): Soon<Answered> | undefined {
    const request = plainRequest(body);
    if (!request) return undefined;
    const known = this.#operations.get(keyOf(request.query, request.operationName));
    if (known === undefined || known === SEEN) return undefined;
    const sent = request.variables ?? {};
    if (excessOf(known.demandOf(sent), this.#parts.config) !== undefined) return undefined;
    const variables = known.valuesOf(sent);
    if (variables === undefined) return undefined;

    const { observers, log } = this.#parts;
    const ends = observers.map((observer) => observer.begins(context));
    return after(
      this.#executed(known, context, variables),
      ({ data, characters, errors: formatted, thrown }) => {
        const errors = masked(formatted, thrown, context, log);
        return {
          answer: errors.length > 0 ? { errors, data } : { data },
          characters: errors.length > 0 ? undefined : characters,
          tell(instead = errors) {
            for (const end of ends) end({ definition: known.operation, errors: instead });
          },
        };
      },
    );
  }

  #executed({ execute }: PlannedQuery, context: Context, values: object): Soon<Executed> {
    return after(
      execute(context, values as Record<string, unknown>),
      ({ data, characters, errors: thrown }) =>
        after(this.#allFormatted(thrown), (errors) => ({ data, characters, errors, thrown })),
    );
  }

  #allFormatted(thrown: readonly GraphQLError[]): Soon<GraphQLFormattedError[]> {
    return thrown.length <= ERRORS_IN_A_GO
      ? thrown.map((error) => this.#formatted(error))
      : this.#formattedInTurns(thrown);
  }

  async #formattedInTurns(thrown: readonly GraphQLError[]): Promise<GraphQLFormattedError[]> {
    const formatted: GraphQLFormattedError[] = [];
    for (let from = 0; from < thrown.length; from += ERRORS_IN_A_GO) {
      await othersFirst();
      for (const error of thrown.slice(from, from + ERRORS_IN_A_GO)) formatted.push(this.#formatted(error));
    }
    return formatted;
  }

  /** As Apollo Server hands errors to `formatError`. */
  #formatted(error: GraphQLError): GraphQLFormattedError {
    const code = error.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
    const extensions = { ...error.extensions, code };
    return this.#parts.formatError({ ...error.toJSON(), extensions }, error);
  }
}

function keyOf(query: string, operationName: string | null | undefined): string {
  return `${operationName ?? ''}\n${query}`;
}
