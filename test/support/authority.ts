import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** What a TLS server needs: its private key, and its certificate with those that lead to the authority, as PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/** What a certificate says. */
export interface Claims {
  /** Host names and IPv4 addresses that it is for. */
  hosts?: readonly string[];
  validFrom?: Date;
  validUntil?: Date;
}

const HOUR = 3_600_000;

/**
 * A certificate authority that lives as long as the test: nothing of it is in the repository, so nothing of it expires
 * there. Node makes no certificates, so they are written down here, byte by byte (RFC 5280, X.690).
 */
export class Authority {
  /** Its certificate as PEM: who trusts it trusts all that it issues. */
  readonly certificate: string;
  readonly #name: string;
  readonly #key: KeyObject;
  /** The certificates between the authority that is trusted and this one. */
  readonly #chain: string;

  /** An authority of its own, or one that another answers for. */
  constructor(by?: Authority) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    // Of the same name, two would be taken for each other.
    this.#name = `Test authority ${randomBytes(4).toString('hex')}`;
    const issuer = by ?? this;
    this.certificate = certificate(publicKey, this.#name, issuer.#name, issuer.#key, {}, true);
    this.#chain = by ? this.certificate + by.#chain : '';
  }

  /** The identity of a server, for an hour around now unless it says otherwise. Without its chain: as if that was forgotten. */
  issue(claims: Claims = { hosts: ['127.0.0.1', 'localhost'] }, { isChainForgotten = false } = {}): Identity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = certificate(publicKey, 'Test server', this.#name, this.#key, claims, false);
    return { key: pemOf(privateKey), cert: isChainForgotten ? own : own + this.#chain };
  }
}

/** Makes this process trust an authority, beside those that it trusts already. */
export function trust({ certificate }: Authority): void {
  setDefaultCACertificates([...getCACertificates('default'), certificate]);
}

/** The identity of a server that vouches for itself. */
export function selfSigned(): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = { hosts: ['127.0.0.1', 'localhost'] };
  const cert = certificate(publicKey, 'Test server', 'Test server', privateKey, claims, false);
  return { key: pemOf(privateKey), cert };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function certificate(
  publicKey: KeyObject,
  subject: string,
  issuer: string,
  issuerKey: KeyObject,
  { hosts = [], validFrom = new Date(Date.now() - HOUR), validUntil = new Date(Date.now() + HOUR) }: Claims,
  isAuthority: boolean,
): string {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const extensions = [
    extension(BASIC_CONSTRAINTS, sequence(...(isAuthority ? [TRUE] : [])), 'critical'),
    ...(isAuthority ? [extension(KEY_USAGE, SIGNS_CERTIFICATES, 'critical')] : []),
    ...(hosts.length > 0 ? [extension(ALTERNATIVE_NAMES, sequence(...hosts.map(alternativeName)))] : []),
  ];
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))), // version 3
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    commonName(issuer),
    sequence(time(validFrom), time(validUntil)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = tagged(0x03, Buffer.of(0), sign('sha256', content, issuerKey));
  const base64 = sequence(content, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

const ECDSA_WITH_SHA256 = [1, 2, 840, 10_045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const KEY_USAGE = [2, 5, 29, 15];
const ALTERNATIVE_NAMES = [2, 5, 29, 17];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];
const TRUE = Buffer.of(0x01, 1, 0xff);
const SIGNS_CERTIFICATES = Buffer.of(0x03, 2, 2, 0x04);

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function oid([first = 0, second = 0, ...others]: readonly number[]): Buffer {
  const bytes = others.flatMap((part) => {
    const digits = [part & 0x7f];
    for (let rest = part >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
    return digits;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function time(date: Date): Buffer {
  return tagged(
    0x17,
    Buffer.from(
      date
        .toISOString()
        .replace(/\.\d+|[-:T]/g, '')
        .slice(2),
    ),
  );
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(COMMON_NAME), tagged(0x0c, Buffer.from(name)))));
}

function alternativeName(host: string): Buffer {
  return isIPv4(host)
    ? tagged(0x87, Buffer.from(host.split('.').map(Number)))
    : tagged(0x82, Buffer.from(host));
}

function extension(id: readonly number[], value: Buffer, critical?: 'critical'): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), tagged(0x04, value));
}
