import { ProxyError } from './proxy.ts';

/**
 * What can be wrong with the way to a provider, in words that say what to do. `lasts`: it does not pass by itself, but
 * when somebody has changed something, so asking again is of no use.
 */
export const CONNECTION_FAULTS = {
  'certificate-expired': { lasts: true, why: 'Its certificate has expired.' },
  'certificate-not-yet-valid': {
    lasts: true,
    why: 'Its certificate is not valid yet: is the clock of this machine right?',
  },
  'certificate-for-another-host': {
    lasts: true,
    why: 'Its certificate is for another host than the one in the base URL.',
  },
  'certificate-self-signed': {
    lasts: true,
    why: 'Its certificate, or the authority behind it, vouches for itself: NODE_EXTRA_CA_CERTS makes it known.',
  },
  'certificate-of-unknown-authority': {
    lasts: true,
    why: 'Its certificate is from an authority that is not known here (NODE_EXTRA_CA_CERTS makes it known), or it leaves out the certificates in between.',
  },
  'certificate-unusable': { lasts: true, why: 'Its certificate cannot be accepted.' },
  'tls-not-agreed': {
    lasts: true,
    why: 'It speaks no version of TLS, no cipher or no HTTP/1.1 that is accepted here, or it wants a certificate of ours.',
  },
  'tls-name-unknown': { lasts: true, why: 'What answers does not know the host in the base URL.' },
  'tls-not-spoken': { lasts: true, why: 'What answers does not speak TLS: is it http, or another port?' },
  'tls-expected': { lasts: true, why: 'What answers speaks TLS: its base URL has to begin with https.' },
  'host-unknown': { lasts: true, why: 'DNS does not know its name.' },
  'proxy-credentials-rejected': {
    lasts: true,
    why: 'The proxy does not accept the credentials of its URL, or wants some.',
  },
  'proxy-refused': { lasts: true, why: 'The proxy does not let us through to it.' },
  'proxy-unusable': { lasts: true, why: 'The proxy cannot be reached as its URL says.' },
  'proxy-without-way': { lasts: false, why: 'The proxy has found no way to it.' },
  'proxy-unreachable': { lasts: false, why: 'The proxy cannot be reached.' },
  'dns-unavailable': { lasts: false, why: 'DNS does not answer.' },
  'not-connected-in-time': {
    lasts: false,
    why: 'Nothing answers at its address, or TLS is not established in time: does a firewall drop what is sent, is a proxy needed?',
  },
  'broken-off': {
    lasts: false,
    why: 'It ends the connection before TLS is established: does it accept this machine’s address, and know the host?',
  },
  'no-route': { lasts: false, why: 'No way leads to its address from this machine.' },
  refused: { lasts: false, why: 'Nobody listens at its address and port.' },
  'not-permitted': { lasts: true, why: 'The rules of this machine or its network forbid the connection.' },
  'machine-exhausted': {
    lasts: false,
    why: 'This machine has no file, port or memory left for another connection.',
  },
  'not-connected': { lasts: false, why: 'No connection to it can be made; the code says what happened.' },
} as const satisfies Record<string, { lasts: boolean; why: string }>;

export type ConnectionFault = keyof typeof CONNECTION_FAULTS;

const BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-for-another-host',
  HOSTNAME_MISMATCH: 'certificate-for-another-host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-of-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-of-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-of-unknown-authority',
  CERT_UNTRUSTED: 'certificate-of-unknown-authority',
  // Node's for all that OpenSSL finds wrong with a certificate and Node has no code for, such as a key that is too short.
  UNSPECIFIED: 'certificate-unusable',
  INVALID_CA: 'certificate-unusable',
  INVALID_PURPOSE: 'certificate-unusable',
  PATH_LENGTH_EXCEEDED: 'certificate-unusable',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'certificate-unusable',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'certificate-unusable',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  ERR_SSL_HTTP_REQUEST: 'tls-not-spoken',
  ENOTFOUND: 'host-unknown',
  EAI_NODATA: 'host-unknown',
  EAI_ADDRFAMILY: 'host-unknown',
  EAI_AGAIN: 'dns-unavailable',
  EAI_FAIL: 'dns-unavailable',
  ECONNREFUSED: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'not-connected-in-time',
  ETIMEDOUT: 'not-connected-in-time',
  ECONNRESET: 'broken-off',
  ECONNABORTED: 'broken-off',
  EPIPE: 'broken-off',
  EHOSTUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EMFILE: 'machine-exhausted',
  ENFILE: 'machine-exhausted',
  ENOBUFS: 'machine-exhausted',
  ENOMEM: 'machine-exhausted',
  EAI_MEMORY: 'machine-exhausted',
  EADDRNOTAVAIL: 'machine-exhausted',
};

/** By what OpenSSL says, for which it has many codes; an alert is the other side's word (RFC 8446, 6.2). */
const BY_REASON: readonly [RegExp, ConnectionFault][] = [
  // What it does not like of a certificate, such as CERT_REVOKED and ERR_SSL_EE_KEY_TOO_SMALL.
  [/^CERT_|^ERROR_IN_CERT_|_KEY_TOO_SMALL$|_MD_TOO_WEAK$/, 'certificate-unusable'],
  [/_UNRECOGNIZED_NAME$/, 'tls-name-unknown'],
  [
    /_PROTOCOL_VERSION|_HANDSHAKE_FAILURE|_UNSUPPORTED_|_INSUFFICIENT_SECURITY|_NO_SHARED_|_NO_APPLICATION_PROTOCOL|_UNSAFE_LEGACY/,
    'tls-not-agreed',
  ],
  [/_ALERT_(ILLEGAL_PARAMETER|INAPPROPRIATE_FALLBACK|MISSING_EXTENSION)$/, 'tls-not-agreed'],
  [/_ALERT_(CERTIFICATE_\w+|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/, 'tls-not-agreed'],
  [/_ALERT_/, 'broken-off'],
];

/** What is wrong with the way to a provider, by the error of a connection that was not made. */
export function connectionFaultOf(error: Error): ConnectionFault {
  if (error instanceof ProxyError) return proxyFaultOf(error);
  const code = codeOf(error);
  return BY_CODE[code] ?? BY_REASON.find(([reason]) => reason.test(code))?.[1] ?? 'not-connected';
}

/**
 * Whether a request met a server that does not want us. With TLS 1.3 it says so when we already take the connection for
 * made: nothing that was sent on it has been read.
 */
export function isRefusalOfUs(error: Error): boolean {
  return /_ALERT_(CERTIFICATE_\w+|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/.test(
    codeOf(error),
  );
}

/** What a proxy says when it would lead there and could not just now. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

function proxyFaultOf({ status, cause }: ProxyError): ConnectionFault {
  // 401 is what tinyproxy says of credentials that are wrong, and 407 only when there are none.
  if (status === 407 || status === 401) return 'proxy-credentials-rejected';
  if (status !== undefined) return PASSING.has(status) ? 'proxy-without-way' : 'proxy-refused';
  if (!(cause instanceof Error)) return 'proxy-unreachable';
  const isNotHttp = codeOf(cause).startsWith('HPE_');
  return isNotHttp || CONNECTION_FAULTS[connectionFaultOf(cause)].lasts
    ? 'proxy-unusable'
    : 'proxy-unreachable';
}

/** Where writing fails before reading does, OpenSSL's reason is only in the message. */
function codeOf({ message, code }: Error & { code?: unknown }): string {
  const [, reason] = code === 'EPROTO' ? (/:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []) : [];
  return reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : String(code);
}
