import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  connectionFaultOf,
  isRefusalOfUs,
} from './connection-faults.ts';
import { ProxyError } from './proxy.ts';

/** Why there is no answer. */
export interface NoAnswer {
  /**
   * How it failed: a connection that broke, none at all, none as long as nobody changes something, none in time, or
   * something too large or not HTTP.
   */
  readonly broken: 'reset' | 'unreachable' | 'misconfigured' | 'timeout' | 'unusable';
  /** The code of the error, such as `ECONNREFUSED`. All that is kept of it: its message may quote the request. */
  readonly code: string;
  /** Whether any of the request may have reached the provider. */
  readonly sent: boolean;
  /** What is wrong with the way to the provider, where that has a name. */
  readonly fault?: ConnectionFault;
  /** The status that a proxy has answered instead of leading to the provider. */
  readonly proxyStatus?: number | undefined;
}

/** What the error of a request comes to, undici's or that of its connection. */
export function noAnswerOf(error: Error & { code?: unknown }, sent: boolean, hasHead: boolean): NoAnswer {
  if (!hasHead && isRefusalOfUs(error)) return notConnected(error);
  const code = codeOf(error);
  const { name, message } = error;
  if (TIMEOUTS.has(code)) return { broken: 'timeout', code, sent };
  // HTTP, and legal, but not for undici: a `100 Continue` that nobody asked for, and a length that is sent twice, which
  // it takes for one of twice as many digits. There is no option for either, and asking again would end the same way.
  if (name === 'SocketError' && message === 'bad response')
    return { broken: 'unusable', code: 'UNASKED_100_CONTINUE', sent };
  if (name === 'SocketError' && message === 'bad upgrade')
    return { broken: 'unusable', code: 'UNASKED_101_SWITCHING_PROTOCOLS', sent };
  // What the parser refuses within a body is one that was cut short.
  const isNotHttp = (name === 'HTTPParserError' || name === 'ResponseContentLengthMismatchError') && !hasHead;
  if (isNotHttp || OVERSIZED.has(code)) return { broken: 'unusable', code, sent };
  return { broken: sent ? 'reset' : 'unreachable', code, sent };
}

/** What the error of a connection that was not made comes to. */
export function notConnected(error: Error & { code?: unknown }): NoAnswer {
  const fault = connectionFaultOf(error);
  const passing = fault === 'not-connected-in-time' ? 'timeout' : 'unreachable';
  const broken = CONNECTION_FAULTS[fault].lasts ? 'misconfigured' : passing;
  const proxyStatus = error instanceof ProxyError ? error.status : undefined;
  return { broken, code: codeOf(error), sent: false, fault, proxyStatus };
}

function codeOf({ name, code }: Error & { code?: unknown }): string {
  return typeof code === 'string' ? code : name;
}

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const OVERSIZED = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW']);
