import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CallerError } from '../request/caller-error.ts';
import { UpstreamError, type UpstreamFailure } from '../http/upstream-error.ts';
import { LinkSealError, LinksSetupError, LinksUnavailableError } from '../links/links.ts';
import { isOfRequest, requestErrorMessage } from './request-error.ts';

/** The codes that name a provider's trouble; clients switch on them. */
const PROVIDER_CODE: Readonly<Record<UpstreamFailure, string>> = {
  'not-configured': 'PROVIDER_NOT_CONFIGURED',
  unreachable: 'PROVIDER_UNAVAILABLE',
  unavailable: 'PROVIDER_UNAVAILABLE',
  timeout: 'PROVIDER_TIMEOUT',
  'rate-limited': 'PROVIDER_RATE_LIMITED',
  'credentials-rejected': 'PROVIDER_CREDENTIALS_REJECTED',
  'invalid-response': 'PROVIDER_INVALID_RESPONSE',
  // Nobody is there to read it.
  cancelled: 'PROVIDER_TIMEOUT',
};

/** What a client is told of an error nobody foresaw; the log has the rest, under the request's id. */
export function maskedMessage(requestId: string): string {
  return `Something went wrong in the User subgraph. Give its operators the request id ${requestId}.`;
}

/** Puts an error into words for the outside, once, at the edge. Whatever is not foreseen here is masked. */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const error = unwrapResolverError(thrown);
  const at = placeOf(formatted);
  if (error instanceof CallerError)
    return { message: error.message, ...at, extensions: { code: error.code } };
  if (error instanceof UpstreamError)
    return { message: error.message, ...at, extensions: upstreamExtensions(error) };
  if (error instanceof LinksUnavailableError) {
    const extensions = { code: 'PROVIDER_UNAVAILABLE', provider: 'links', retryable: true };
    return { message: 'The account links cannot be read or written at the moment.', ...at, extensions };
  }
  if (error instanceof LinkSealError) {
    const extensions = { code: 'PROVIDER_CREDENTIALS_REJECTED', provider: error.provider, retryable: false };
    return { message: 'The link to this account cannot be used.', ...at, extensions };
  }
  if (error instanceof LinksSetupError) {
    const extensions = { code: 'PROVIDER_NOT_CONFIGURED', provider: 'links', retryable: false };
    return {
      message: 'This installation keeps no keys of people: its operators have not set one to seal them with.',
      ...at,
      extensions,
    };
  }
  const code = formatted.extensions?.['code'];
  if (error === thrown && typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') {
    return { message: requestErrorMessage(formatted.message), ...at, extensions: { code } };
  }
  if (error instanceof GraphQLError && isOfRequest(error.message))
    return { message: requestErrorMessage(error.message), ...at, extensions: { code: 'BAD_USER_INPUT' } };
  return {
    message: 'Something went wrong in the User subgraph.',
    ...at,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

function upstreamExtensions(error: UpstreamError): Record<string, unknown> {
  const { provider, retryable, retryAfterSeconds } = error;
  return {
    code: PROVIDER_CODE[error.failure],
    provider,
    retryable,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

function placeOf({
  locations,
  path,
}: GraphQLFormattedError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}
