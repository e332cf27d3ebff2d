import { LinksSetupError } from './link.ts';
import { BUSY } from './store.ts';

/** What waiting does not mend, by SQLSTATE, its class, or a code: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSALS: Readonly<Record<string, string>> = {
  '0A':
    'the database of LINKS_URL lacks something that is needed, such as advisory locks: docs/operations-links.md, ' +
    '“Distributed databases”',
  '28': 'PostgreSQL refuses the user or the password of LINKS_URL',
  '3D': 'the database of LINKS_URL does not exist',
  '3F': 'the database of LINKS_URL has no schema to create tables in',
  '42': 'the user of LINKS_URL may not create or use the tables of the links',
  POOLER:
    'the pooler of LINKS_URL does not take this user, this database, or this way to connect: its log says why',
  NO_PASSWORD: 'PostgreSQL asks for a password, and LINKS_URL has none',
  NO_TLS: 'LINKS_URL asks for TLS, which PostgreSQL does not offer there',
  NO_FILE: 'a file that LINKS_URL names, such as sslrootcert, is not there',
  ERR_OSSL: 'a file that LINKS_URL names, such as sslrootcert, holds no certificate or key that can be read',
  CERTIFICATE:
    "PostgreSQL's certificate is not trusted, has run out, or is another host's; " +
    'sslrootcert in LINKS_URL names the file of the authority to trust, and the host must be one of the certificate',
};

/** Node's codes for a certificate that is not accepted: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE =
  /^(?:UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_|(?:DEPTH_ZERO_)?SELF_SIGNED_|CERT_|CRL_|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;

/** The error that says what to do where these settings can never work; null where waiting may help. */
export function refusalOf(error: unknown): LinksSetupError | null {
  const code = codeOf(error);
  const refusal = REFUSALS[kindOf(code)];
  return refusal === undefined ? null : new LinksSetupError(`${refusal} (${code}).`);
}

function kindOf(code: string): string {
  if (CERTIFICATE.test(code)) return 'CERTIFICATE';
  if (code.startsWith('ERR_OSSL_')) return 'ERR_OSSL';
  return /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : code;
}

/** PgBouncer's for almost everything, and a protocol violation of PostgreSQL. */
const POOLER_SQLSTATE = '08P01';

/** What pg says in words only, and PgBouncer under one code. */
const IN_WORDS: readonly (readonly [RegExp, string])[] = [
  // Of this process's own connections, or of those that PgBouncer has for it.
  [/^timeout exceeded when trying to connect|query_wait_timeout/, BUSY],
  [/due to connection timeout/, 'CONNECT_TIMEOUT'],
  [/^Query read timeout/, 'QUERY_TIMEOUT'],
  [/client password must be/, 'NO_PASSWORD'],
  [/does not support SSL/, 'NO_TLS'],
  [/^Connection terminated|^Client has encountered a connection error/, 'CONNECTION_LOST'],
  [/no more connections allowed/, '53300'],
  [/unsupported startup parameter|no such (?:database|user)|SSL required/, 'POOLER'],
];

/** An SQLSTATE, a code of the operating system or of Node, or one of our own for what is said in words only. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (syscall === 'open') return 'NO_FILE';
  if (typeof code === 'string' && code !== POOLER_SQLSTATE) return code;
  return (
    IN_WORDS.find(([words]) => words.test(error.message))?.[1] ?? (code as string | undefined) ?? 'UNKNOWN'
  );
}

/** The connection broke, or leads to a server that is no longer the primary: another one may do. */
export function isBroken(error: unknown): boolean {
  return ['CONNECTION_LOST', 'ECONNRESET', 'EPIPE', '57P01', '25006'].includes(codeOf(error));
}

/** Another transaction came in between; done again, it is done after that. */
export function isConflict(error: unknown): boolean {
  return ['40001', '40P01', UNIQUE_VIOLATION].includes(codeOf(error));
}

/** Another row has what may be there once only. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === UNIQUE_VIOLATION;
}

/** The server has no connection to spare at the moment. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === '53300';
}

const UNIQUE_VIOLATION = '23505';
