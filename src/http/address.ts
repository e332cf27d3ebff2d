import { isIPv6 } from 'node:net';

/**
 * What is wrong with the host and the port of an address (`scheme://host:port/…`), in words that fit behind "it"; null
 * when nothing is. URL parsers say no more than that it is none, and read some of these as something else: `https:///a`
 * as the host `a`. Nothing of the address is repeated: it may hold a password.
 */
export function addressProblem(address: string): string | null {
  const authority = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(address)?.[1] ?? '';
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  if (place === '') return 'names no host';
  if (/[\s\\]/.test(place)) return 'has a space or a backslash in its host';
  if (place.includes(',')) return 'names several hosts, and one is taken';
  if (/^[^[]*:.*:/.test(place)) return 'has an IPv6 address that is not in brackets, as in [::1]';
  const [, host, port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(place) ?? [];
  if (host === undefined) return 'has an IPv6 address that is not in brackets, as in [::1]';
  if (host === '') return 'names no host';
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) return 'has no IPv6 address in its brackets';
  if (port !== undefined && !isPort(port)) return 'has a port that is no number from 1 to 65535';
  return null;
}

/** Whether a text is the number of a port that can be connected to. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
