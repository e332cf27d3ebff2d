import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { getOperationAST, type GraphQLFormattedError } from 'graphql';
import type { Context } from '../request/context.ts';
import { maskedMessage } from './format-error.ts';
import type { Logger } from '../telemetry/log.ts';
import type { OperationObserver } from '../telemetry/operation-observer.ts';

/** Lets observers hear of the operations that Apollo Server answers. */
export function observing(observers: readonly OperationObserver[], log: Logger): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: context }) {
      const ends = observers.map((observer) => observer.begins(context));
      return {
        async willSendResponse({ document, request, response: { body }, errors: thrown = [] }) {
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

/**
 * The errors that nobody foresaw get a line of their own in the log, under the request's id, and the client gets the
 * id. `thrown` holds the errors as they were thrown, in the same order.
 */
export function masked(
  errors: readonly GraphQLFormattedError[],
  thrown: readonly unknown[],
  { operation: { requestId } }: Context,
  log: Logger,
): readonly GraphQLFormattedError[] {
  return errors.map((answered, index) => {
    if (answered.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return answered;
    log.error(
      { requestId, err: unwrapResolverError(thrown[index]) },
      'An operation met an error that nobody foresaw.',
    );
    return { ...answered, message: maskedMessage(requestId) };
  });
}
