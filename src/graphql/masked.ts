import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from '../request/context.ts';
import { maskedMessage } from './format-error.ts';
import type { Logger } from '../telemetry/log.ts';

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
