import type { Dispatcher } from 'undici';
import type { OperationScope, UpstreamCall } from './call.ts';

/** A request as it goes over the wire. */
export type WireRequest = Pick<Dispatcher.DispatchOptions, 'path' | 'method'> & {
  /** Names and values, alternating. */
  headers: string[];
  body: string | null;
  /** Whether HTTP can carry it. */
  isSendable: boolean;
};

/** What the requests to a provider have in common. */
export interface CallBase {
  path: string;
  headers: readonly string[];
}

/** What goes over the wire for a call. */
export function wireRequest(
  base: CallBase,
  { method = 'GET', path, headers: own, body }: UpstreamCall<unknown>,
  scope: OperationScope,
): WireRequest {
  const headers = ['accept', 'application/json', 'accept-encoding', 'identity', ...base.headers];
  if (body !== undefined) headers.push('content-type', 'application/json');
  if (scope.isTraceTold)
    for (const [key, value] of Object.entries(scope.trace ?? {})) headers.push(key, value);
  for (const key in scope.headers) headers.push(key, scope.headers[key] ?? '');
  for (const key in own) headers.push(key, own[key] ?? '');
  return {
    method,
    path: base.path + path,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    isSendable: isSendable(path, own),
  };
}

const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NOT_IN_A_PATH = /[^\x21-\xff]/;

/**
 * Whether HTTP can carry what is a call's own: all else is ours, or has come over HTTP. Not left to undici to find out:
 * each request that it refuses costs it a connection for good.
 */
function isSendable(path: string, own: Readonly<Record<string, string>>): boolean {
  // The names are ours.
  for (const key in own) if (NOT_IN_A_VALUE.test(own[key] ?? '')) return false;
  return !NOT_IN_A_PATH.test(path);
}
