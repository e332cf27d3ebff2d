import { Pool } from 'undici';
import type { Decode } from './decode.ts';
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts';

/** How one provider is reached, and how much of it may be used. */
export interface UpstreamSettings {
  /** The provider's name, such as `bird`: in errors, logs and metrics. */
  name: string;
  /** Origin and, where the provider has one, a path that every call's path is appended to. */
  baseUrl: URL | string;
  /** Milliseconds for one call, its wait for a connection and all attempts included. */
  timeoutMs: number;
  /** Sockets, and so the calls on the wire at once. */
  connections: number;
  /** Calls that may wait for a connection; further ones are refused at once. */
  queue: number;
  /** How often a GET may be repeated. */
  retries: number;
}

/** One REST call. */
export interface UpstreamCall<T> {
  method?: 'GET' | 'PATCH' | 'DELETE';
  /** Path with query as it goes over the wire, appended to the base URL's path. */
  path: string;
  /** Credentials included. */
  headers: Record<string, string>;
  /** What makes two GETs the same call, together with the path. Never logged. */
  credential: string;
  /** Sent as JSON. */
  body?: unknown;
  /** A decoder by status; `ok` is any 2xx that is not listed. A status without a decoder is an `UpstreamError`. */
  on: { ok: Decode<T>; [status: number]: Decode<T> };
}

/** What one GraphQL operation lends to each call that is made for it. */
export interface OperationScope {
  /** Fires at the operation's deadline (reason named `TimeoutError`) and when the client has gone. */
  readonly signal: AbortSignal;
  /** `x-request-id`, `traceparent`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Notes that the operation asked a provider. */
  countCall(provider: string): void;
}

/** A provider's REST API, for the life of the process. */
export interface Upstream {
  readonly name: string;
  /** Makes the call and decodes its answer. Rejects with an `UpstreamError` and nothing else. */
  send<T>(call: UpstreamCall<T>, scope: OperationScope): Promise<T>;
  /** After a write: later GETs with this credential do not join one that began before it. */
  forget(credential: string): void;
  close(): Promise<void>;
}

const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Opens the connections of one provider. */
export function openUpstream(settings: UpstreamSettings): Upstream {
  const { name, timeoutMs, connections } = settings;
  const base = new URL(settings.baseUrl);
  const basePath = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });

  return {
    name,
    forget: () => {},
    close: () => pool.close(),
    async send<T>(call: UpstreamCall<T>, scope: OperationScope): Promise<T> {
      scope.countCall(name);
      const fail = (failure: UpstreamFailure, status?: number): UpstreamError =>
        new UpstreamError(name, failure, { status });
      const answer = await new Promise<{ status: number; json: boolean; text: string }>((resolve, reject) => {
        let status = 0;
        let json = false;
        const chunks: Buffer[] = [];
        let stop = (_why: Error): void => {};
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          act();
        };
        const timer = setTimeout(() => {
          reject(fail('timeout'));
          stop(new Error('timeout'));
        }, timeoutMs);
        pool.dispatch(
          {
            path: basePath + call.path,
            method: call.method ?? 'GET',
            headers: {
              ...scope.headers,
              accept: 'application/json',
              'accept-encoding': 'identity',
              ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
              ...call.headers,
            },
            body: call.body === undefined ? null : JSON.stringify(call.body),
          },
          {
            onRequestStart: (controller) => {
              stop = (why) => controller.abort(why);
            },
            onResponseStart: (_controller, code, headers) => {
              status = code;
              json = /^application\/([\w.-]+\+)?json\b/i.test(String(headers['content-type'] ?? ''));
            },
            onResponseData: (_controller, chunk) => void chunks.push(chunk),
            onResponseEnd: () => settle(() => resolve({ status, json, text: Buffer.concat(chunks).toString() })),
            onResponseError: () => settle(() => reject(fail('unreachable'))),
          },
        );
      });
      const decode = call.on[answer.status] ?? (answer.status >= 200 && answer.status < 300 ? call.on.ok : undefined);
      if (!decode) throw fail(failureOf(answer.status), answer.status);
      if (answer.text !== '' && !answer.json) throw fail('invalid-response', answer.status);
      try {
        return decode(answer.text === '' ? undefined : JSON.parse(answer.text), () => {});
      } catch {
        throw fail('invalid-response', answer.status);
      }
    },
  };
}

/** An upstream that nobody configured: each call is refused, and says so. */
export function notConfigured(name: string): Upstream {
  return {
    name,
    send: () => Promise.reject(new UpstreamError(name, 'not-configured')),
    forget: () => {},
    close: () => Promise.resolve(),
  };
}

function failureOf(status: number): UpstreamFailure {
  if (status === 401 || status === 403) return 'credentials-rejected';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'unavailable' : 'invalid-response';
}
