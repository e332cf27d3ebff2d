import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { getOperationAST, type GraphQLError } from 'graphql';
import type { Context } from '../request/context.ts';
import type { Answered, KnownOperations } from './known-operations.ts';
import { masked } from './masked.ts';
import type { Logger } from '../telemetry/log.ts';
import type { OperationObserver } from '../telemetry/operation-observer.ts';

/** Whom to tell of an operation that Apollo Server has answered, which gives plugins a copy of the context. */
export type Endings = WeakMap<Context['operation'], Answered['tell']>;

/**
 * Lets observers hear of the operations that Apollo Server answers, by way of `endings`, and executes for it those that
 * are known here.
 */
export function observing(
  observers: readonly OperationObserver[],
  log: Logger,
  known: KnownOperations | undefined,
  endings: Endings,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: context }) {
      const ends = observers.map((observer) => observer.begins(context));
      let executed: readonly GraphQLError[] = [];
      return {
        async responseForOperation(request) {
          const result = await known?.execute(request);
          if (!result) return null;
          const { data, errors, thrown } = result;
          executed = thrown;
          return {
            http: { headers: new HeaderMap() },
            body: { kind: 'single', singleResult: errors.length > 0 ? { errors, data } : { data } },
          };
        },
        async willSendResponse({ document, request, response: { body }, errors: thrown = executed }) {
          if (body.kind !== 'single') return;
          // Of what was not good as well: it has been read, all the same.
          const definition = (document && getOperationAST(document, request.operationName)) ?? undefined;
          const { singleResult } = body;
          const errors = masked(singleResult.errors ?? [], thrown, context, log);
          if (singleResult.errors) singleResult.errors = errors;
          endings.set(context.operation, (instead = errors) => {
            for (const end of ends) end({ definition, errors: instead });
          });
        },
      };
    },
  };
}
