import { addressProblem, isPort } from '../http/address.ts';
import { LinksSetupError } from './link.ts';

/** What LINKS_URL says of a PostgreSQL server, as the driver is to be told. */
export interface PostgresAddress {
  readonly connectionString: string;
  /** Milliseconds that the server may take for one statement. */
  readonly statementMs: number;
}

/** All within the time that an operation has. */
const STATEMENT_MS = 2_000;

/**
 * How each `sslmode` is treated. The driver verifies the certificate and its host in each mode that asks for TLS at all
 * (https://node-postgres.com/features/ssl), which is more than libpq does in some; what it does not know it ignores.
 */
const SSL_MODES: Readonly<Record<string, string>> = {
  disable: 'disable',
  'no-verify': 'no-verify',
  prefer: 'verify-full',
  require: 'verify-full',
  'verify-ca': 'verify-full',
  'verify-full': 'verify-full',
};

/** What is passed on to the driver; one that it does not know would be ignored, as a mistyped one would. */
const PASSED_ON = ['host', 'port', 'application_name', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation'];
const PARAMETERS = [...PASSED_ON, 'sslmode', 'statement_timeout', 'target_session_attrs'];

/** Reads a URL that begins with `postgres://` or `postgresql://`. Throws LinksSetupError with what to do, and never with the URL. */
export function readPostgresUrl(text: string): PostgresAddress {
  const [, authority = '', rest = ''] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  const problem = authority === '' || hosts.includes(',') ? null : addressProblem(text);
  const isMisread = rest.includes('#') || rest.includes('@');
  if (!isMisread && problem !== null) throw new LinksSetupError(`LINKS_URL ${problem}.`);
  if (isMisread || (!hosts.includes(',') && !URL.canParse(text)))
    throw new LinksSetupError(
      'LINKS_URL cannot be read. In the user and the password, these must be written otherwise: ' +
        '# as %23, % as %25, / as %2F, : as %3A, ? as %3F, @ as %40.',
    );
  const given = new URLSearchParams(/\?(.*)$/s.exec(rest)?.[1] ?? '');
  if (hosts.includes(',') || given.get('host')?.includes(','))
    throw new LinksSetupError(
      'LINKS_URL names several hosts, and this driver takes one: the name that always leads to the primary, ' +
        "such as a managed service's endpoint, or a HAProxy or PgBouncer in front of the servers.",
    );

  const unknown = [...given.keys()].filter((name) => !PARAMETERS.includes(name));
  if (unknown.length > 0)
    throw new LinksSetupError(
      `LINKS_URL has ${unknown.length === 1 ? 'a parameter' : 'parameters'} that nobody here knows ` +
        `(${unknown.map((name) => name.slice(0, 40)).join(', ')}). Known are ${PARAMETERS.join(', ')}.`,
    );
  const sslmode = given.get('sslmode');
  if (sslmode !== null && !Object.hasOwn(SSL_MODES, sslmode))
    throw new LinksSetupError(`sslmode in LINKS_URL must be one of ${Object.keys(SSL_MODES).join(', ')}.`);
  const port = given.get('port');
  if (port !== null && !isPort(port))
    throw new LinksSetupError('port in LINKS_URL must be a number from 1 to 65535.');
  const statementMs = given.get('statement_timeout') ?? `${STATEMENT_MS}`;
  if (!/^[1-9][0-9]{0,6}$/.test(statementMs))
    throw new LinksSetupError('statement_timeout in LINKS_URL must be a whole number of milliseconds.');
  if (!/^(any|read-write|primary)?$/.test(given.get('target_session_attrs') ?? ''))
    throw new LinksSetupError(
      'target_session_attrs in LINKS_URL must be read-write, primary or any: links are written.',
    );

  const url = new URL(text);
  for (const name of PARAMETERS) if (!PASSED_ON.includes(name)) url.searchParams.delete(name);
  if (sslmode !== null) url.searchParams.set('sslmode', SSL_MODES[sslmode] ?? '');
  return { connectionString: url.href, statementMs: Number(statementMs) };
}
