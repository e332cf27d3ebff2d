import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { getOperationAST, type GraphQLError } from 'graphql';
import type { Context } from '../request/context.ts';
import type { KnownOperations } from './known-operations.ts';
import { masked } from './masked.ts';
import type { Logger } from '../telemetry/log.ts';
import type { OperationObserver } from '../telemetry/operation-observer.ts';

/** Lets observers hear of the operations that Apollo Server answers, and executes for it those that are known here. */
export function observing(
  observers: readonly OperationObserver[],
  log: Logger,
  known: KnownOperations | undefined,
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
          for (const end of ends) end({ definition, errors });
        },
      };
    },
  };
}
