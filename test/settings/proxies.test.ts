import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/settings/config.ts';

/** The proxy on the way to Bird at this address. */
function proxyTo(address: string, environment: Record<string, string>) {
  const { upstreams } = readConfig({ BIRD_BASE_URL: address, ...environment }).providers;
  return upstreams.bird?.proxy ?? null;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig({ BIRD_BASE_URL: 'https://api.bird.example', ...environment });
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe('the proxy', () => {
  it.each([
    ['http://proxy.example:3128', 'http://proxy.example:3128', 'proxy.example:3128', null],
    ['proxy.example:3128', 'http://proxy.example:3128', 'proxy.example:3128', null],
    ['http://proxy.example/', 'http://proxy.example', 'proxy.example:80', null],
    ['https://proxy.example', 'https://proxy.example', 'proxy.example:443', null],
    ['http://[fd00::1]:3128', 'http://[fd00::1]:3128', '[fd00::1]:3128', null],
    [
      'http://ada:s%40cret@proxy.example:3128',
      'http://proxy.example:3128',
      'proxy.example:3128',
      'ada:s@cret',
    ],
    ['http://ada:100%@proxy.example:3128', 'http://proxy.example:3128', 'proxy.example:3128', 'ada:100%'],
    ['http://ada@proxy.example:3128', 'http://proxy.example:3128', 'proxy.example:3128', 'ada:'],
  ])('of %s is understood', (HTTPS_PROXY, origin, host, credentials) => {
    const authorization = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(proxyTo('https://api.bird.example', { HTTPS_PROXY })).toEqual({ origin, host, authorization });
  });

  it('is that of the scheme, and there is none for the other', () => {
    const environment = { HTTPS_PROXY: 'http://secure:1', http_proxy: 'http://plain:2' };
    expect(proxyTo('https://api.bird.example', environment)?.host).toBe('secure:1');
    expect(proxyTo('http://api.bird.example', environment)?.host).toBe('plain:2');
    expect(proxyTo('https://api.bird.example', { HTTP_PROXY: 'http://plain:2' })).toBeNull();
    expect(proxyTo('http://api.bird.example', { HTTPS_PROXY: 'http://secure:1' })).toBeNull();
  });

  it('may be in either case, of which the lower wins', () => {
    const environment = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' };
    expect(proxyTo('https://api.bird.example', environment)?.host).toBe('lower:1');
    const exceptions = { NO_PROXY: '*', no_proxy: 'other.example' };
    expect(proxyTo('https://api.bird.example', { ...environment, ...exceptions })?.host).toBe('lower:1');
  });

  it.each(['socks5://proxy.example', 'http://', 'ftp://hunter2@proxy.example', 'http://a b'])(
    'of %s is refused, without being shown',
    (HTTPS_PROXY) => {
      expect(problemsOf({ HTTPS_PROXY })).toEqual([
        'HTTPS_PROXY must be the http(s) URL of a proxy, such as http://proxy.example:3128',
      ]);
    },
  );
});

describe('NO_PROXY', () => {
  const isDirect = (address: string, NO_PROXY: string) =>
    proxyTo(address, { NO_PROXY, HTTPS_PROXY: 'http://proxy:1', HTTP_PROXY: 'http://proxy:1' }) === null;

  it.each([
    ['*', 'https://api.bird.example'],
    ['other.example, *', 'https://api.bird.example'],
    ['*:443', 'https://api.bird.example'],
    ['api.bird.example', 'https://api.bird.example'],
    ['API.Bird.Example', 'https://api.bird.example'],
    ['api.bird.example.', 'https://api.bird.example'],
    ['api.bird.example', 'https://api.bird.example.'],
    ['bird.example', 'https://api.bird.example'],
    ['.bird.example', 'https://api.bird.example'],
    ['.bird.example', 'https://bird.example'],
    ['*.bird.example', 'https://api.bird.example'],
    ['bird.example:443', 'https://api.bird.example'],
    ['bird.example:8443', 'https://api.bird.example:8443'],
    ['a.example b.example\tbird.example', 'https://api.bird.example'],
    ['localhost,,127.0.0.1', 'http://127.0.0.1:4010'],
    ['127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['10.0.0.0/8', 'https://10.200.3.4'],
    ['10.1.2.3/8', 'https://10.200.3.4'],
    ['10.0.0.0/8:443', 'https://10.200.3.4'],
    ['0.0.0.0/0', 'https://192.168.1.1'],
    ['::1', 'https://[::1]:8443'],
    ['[::1]:8443', 'https://[::1]:8443'],
    ['fd00::/8', 'https://[fd12:3456::1]'],
    ['FD00::/8', 'https://[fd12:3456::1]'],
    ['0:0:0:0:0:0:0:1', 'https://[::1]'],
    ['::/0', 'https://[2001:db8::1]'],
    ['10.0.0.0/8', 'https://[::ffff:10.1.2.3]'],
  ])('%s excepts %s', (entries, address) => expect(isDirect(address, entries)).toBe(true));

  it.each([
    ['', 'https://api.bird.example'],
    ['other.example', 'https://api.bird.example'],
    ['ird.example', 'https://api.bird.example'],
    ['api.bird', 'https://api.bird.example'],
    ['*.bird.example', 'https://bird.example'],
    ['bird.example:8443', 'https://api.bird.example'],
    ['*:80', 'https://api.bird.example'],
    ['.', 'https://api.bird.example'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/8:80', 'https://10.0.0.1'],
    ['10.0.0.0/8', 'https://10.bird.example'],
    ['10.0.0.1', 'https://10.0.0.11'],
    ['[::1]:443', 'https://[::1]:8443'],
    ['fd00::/8', 'https://[fe80::1]'],
  ])('%s does not except %s', (entries, address) => expect(isDirect(address, entries)).toBe(false));

  it.each(['10.0.0.0/33', '10.0.0.0/', 'fd00::/129', 'bird.example/8', 'localhost,10.0.0/8'])(
    'is refused with a range that is none: %s',
    (no_proxy) => {
      expect(problemsOf({ no_proxy })).toEqual([
        'no_proxy has a range of addresses that is none: one is written 10.0.0.0/8 or fd00::/8',
      ]);
    },
  );

  it('has an address in each range of its own bits, and the next range has it not', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, bits) => {
        const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const other = (number ^ (2 ** (32 - bits))) >>> 0;
        const otherAddress = [24, 16, 8, 0].map((shift) => (other >>> shift) & 255).join('.');
        expect(isDirect(`https://${address}`, `${address}/${bits}`)).toBe(true);
        expect(isDirect(`https://${otherAddress}`, `${address}/${bits}`)).toBe(false);
      }),
    );
  });
});
