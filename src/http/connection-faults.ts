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
    why: 'It speaks no version of TLS, or no cipher, that is still accepted here, or it wants a certificate of ours.',
  },
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
  'no-route': { lasts: false, why: 'No way leads to its address from this machine.' },
  refused: { lasts: false, why: 'Nobody listens at its address and port.' },
} as const satisfies Record<string, { lasts: boolean; why: string }>;

export type ConnectionFault = keyof typeof CONNECTION_FAULTS;

const BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-for-another-host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-of-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-of-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-of-unknown-authority',
  CERT_UNTRUSTED: 'certificate-of-unknown-authority',
  INVALID_CA: 'certificate-unusable',
  INVALID_PURPOSE: 'certificate-unusable',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  ERR_SSL_HTTP_REQUEST: 'tls-not-spoken',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'dns-unavailable',
  ECONNREFUSED: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'not-connected-in-time',
  ETIMEDOUT: 'not-connected-in-time',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
};

const NOT_AGREED =
  /_PROTOCOL_VERSION|_HANDSHAKE_FAILURE|_UNSUPPORTED_PROTOCOL|_INSUFFICIENT_SECURITY|_NO_SHARED_|_CERTIFICATE_REQUIRED|_UNSAFE_LEGACY/;

/** What is wrong with the way to a provider, by the error of a connection that was not made; undefined without a name. */
export function connectionFaultOf(error: Error): ConnectionFault | undefined {
  if (error instanceof ProxyError) return proxyFaultOf(error);
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known) return known;
  // OpenSSL's, for what it does not like of a certificate, such as CERT_REVOKED and ERR_SSL_EE_KEY_TOO_SMALL.
  if (/^CERT_|_KEY_TOO_SMALL$|_MD_TOO_WEAK$/.test(code)) return 'certificate-unusable';
  return NOT_AGREED.test(code) ? 'tls-not-agreed' : undefined;
}

function proxyFaultOf({ status, cause }: ProxyError): ConnectionFault {
  // 401 is what tinyproxy says of credentials that are wrong, and 407 only when there are none.
  if (status === 407 || status === 401) return 'proxy-credentials-rejected';
  if (status !== undefined) return status >= 500 ? 'proxy-without-way' : 'proxy-refused';
  const fault = cause instanceof Error ? connectionFaultOf(cause) : undefined;
  return fault && CONNECTION_FAULTS[fault].lasts ? 'proxy-unusable' : 'proxy-unreachable';
}

/** Where writing fails before reading does, OpenSSL's reason is only in the message. */
function codeOf({ message, code }: Error & { code?: unknown }): string {
  const [, reason] = code === 'EPROTO' ? (/:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []) : [];
  return reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : String(code);
}
