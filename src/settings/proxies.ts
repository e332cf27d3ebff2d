import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { addressProblem } from '../http/address.ts';
import type { Proxy } from '../http/proxy.ts';

/** The proxy on the way to an address, null where the way is direct. */
export type ProxyOf = (address: string) => Proxy | null;

/** As in `http://user:password@proxy.example:3128`; the scheme may be left out, as everywhere. */
const proxy = z
  .string()
  .transform((text) => proxyAt(text))
  .refine((proxy) => proxy !== null, {
    error: 'must be the http(s) URL of a proxy, such as http://proxy.example:3128',
  })
  .optional()
  .meta({ secret: true });

const exceptions = z
  .string()
  .transform((text) =>
    text
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .map(exceptionIn),
  )
  .refine((entries) => !entries.includes(null), {
    error: 'has a range of addresses that is none: one is written 10.0.0.0/8 or fd00::/8',
  })
  .transform((entries) => entries as Exception[])
  .optional();

/** What the environments of companies hold, in both spellings. */
export const proxySettings = z.object({
  https_proxy: proxy,
  HTTPS_PROXY: proxy,
  http_proxy: proxy,
  HTTP_PROXY: proxy,
  no_proxy: exceptions,
  NO_PROXY: exceptions,
});

/** Tells the way to each address. Lower case wins, as with curl: there are machines where both are set. */
export function proxiesOf(settings: z.infer<typeof proxySettings>): ProxyOf {
  const ofHttps = settings.https_proxy ?? settings.HTTPS_PROXY ?? null;
  const ofHttp = settings.http_proxy ?? settings.HTTP_PROXY ?? null;
  const entries = settings.no_proxy ?? settings.NO_PROXY ?? [];
  return (address) => {
    const url = new URL(address);
    return entries.some((entry) => isAbout(entry, url)) ? null : url.protocol === 'https:' ? ofHttps : ofHttp;
  };
}

function proxyAt(text: string): Proxy | null {
  const address = text.includes('://') ? text : `http://${text}`;
  const url = addressProblem(address) === null ? URL.parse(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const { protocol, host, username, password } = url;
  const credentials = `${unescaped(username)}:${unescaped(password)}`;
  const port = url.port || (protocol === 'https:' ? '443' : '80');
  return {
    origin: `${protocol}//${host}`,
    host: url.port ? host : `${host}:${port}`,
    authorization: username || password ? `Basic ${Buffer.from(credentials).toString('base64')}` : null,
  };
}

/** A percent sign that escapes nothing is one of the password. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An entry of `NO_PROXY`: what is reached without the proxy. */
interface Exception {
  /** In lower case; empty for what is a range. */
  name: string;
  /** Whether it is about what is below the name only. */
  isBelow: boolean;
  /** IP addresses. */
  range: BlockList | undefined;
  /** Undefined for every port. */
  port: string | undefined;
}

/**
 * `*`, a name (with all below it) or `.name` (the same), `*.name` (only what is below), an IP address or a range of
 * them; `:port` behind it means only there. Null when a range is none.
 */
function exceptionIn(entry: string): Exception | null {
  const [, bracketed, plain = '', port] = /^(?:\[(.+)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const text = (bracketed ?? plain).toLowerCase().replace(/\.$/, '');
  const range = rangeIn(text);
  if (!range && text.includes('/')) return null;
  return { name: range ? '' : text.replace(/^\*?\./, ''), isBelow: text.startsWith('*.'), range, port };
}

/** Names are not looked up to find them in a range. */
function isAbout({ name, isBelow, range, port }: Exception, url: URL): boolean {
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  if (name === '*') return true;
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const family = isIP(host);
  if (range) return family > 0 && range.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return (host === name && !isBelow) || (name !== '' && host.endsWith(`.${name}`));
}

/** An IP address, or a range of them (CIDR), as what finds out whether another is in it; undefined when it is neither. */
function rangeIn(text: string): BlockList | undefined {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : Number(bits);
  if (family === 0 || bits === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > most)
    return undefined;
  const range = new BlockList();
  range.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return range;
}
