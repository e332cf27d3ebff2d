import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avatarUrl } from '../../src/user/avatar-url.ts';
import { localeTag } from '../../src/user/locale.ts';
import { profileChange } from '../../src/user/profile-change.ts';
import { registeredZone } from '../../src/user/time-zone.ts';

/** What is sent for a value of a field, null when it is refused. */
function sentAs(field: 'name' | 'bio' | 'avatarUrl' | 'locale' | 'timezone', value: string): string | null {
  const checked = profileChange({ [field]: value });
  return 'change' in checked ? (checked.change[field] ?? null) : null;
}

/** Text of the characters that make trouble, and some that do not. */
const troublesome = fc.string({
  unit: fc.constantFrom(
    ...Array.from(
      'aZ0 .-/@:?#%\\\u0000\u0007\t\n\r\u001b\u007f\u0085\u00a0\u00ad\u0301\u034f\u061c\u115f\u1680\u180e\u200b\u200d' +
        '\u200e\u2028\u202e\u2060\u2066\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ufffc\uffffé語ع\u{1f600}\u{e0020}\u{1d159}',
    ),
    '\ud83d',
    '\ude00',
  ),
});

describe('a name', () => {
  it.each([
    ['a zero-width space', '\u200b'],
    ['a word joiner', '\u2060'],
    ['a soft hyphen', '\u00ad'],
    ['a Hangul filler', '\u3164'],
    ['a half-width Hangul filler', '\uffa0'],
    ['an empty Braille cell', '\u2800'],
    ['a turn of direction', '\u202e'],
    ['a joiner', '\u034f'],
    ['a mark of a byte order', '\ufeff'],
    ['a mark of direction', '\u200f'],
    ['a variation selector', '\ufe0f'],
    ['tags', '\u{e0041}\u{e0042}'],
    ['a note without a head', '\u{1d159}'],
    ['spaces of every kind', ' \u00a0\u1680\u2003\u3000'],
    ['several of them', '\u200b \u2800\u3164'],
  ])('of nothing but %s is refused', (_what, name) => {
    expect(sentAs('name', name)).toBeNull();
  });

  it.each([
    ['U+0000', 'A\u0000da'],
    ['a tab', 'Ada\tLovelace'],
    ['a line break', 'Ada\nLovelace'],
    ['a line separator', 'Ada\u2028Lovelace'],
    ['an escape', '\u001b[31mAda'],
    ['a C1 control', 'Ada\u0085'],
    ['a turn of direction', 'Ada \u202egnp.exe'],
    ['an isolate that is not closed', 'Ada \u2067'],
    ['what is no character', 'Ada\uffff'],
    ['half of a character', 'Ada \ud83d'],
    ['the other half', '\ude00 Ada'],
  ])('with %s is refused', (_what, name) => {
    expect(sentAs('name', name)).toBeNull();
  });

  it.each([
    'Ada',
    'Núñez-Łukasiewicz',
    'أحمد',
    '\u05d0\u05d1\u200f (Ab)',
    'علی\u200cرضا',
    '李小龍',
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'क्\u200dष',
    '1',
    '.',
    '\u{20000}',
  ])('of people is sent as it is: %s', (name) => {
    expect(sentAs('name', name)).toBe(name);
  });

  it('that is sent is well-formed, has something to see and no control in it', () => {
    fc.assert(
      fc.property(troublesome, (text) => {
        const name = sentAs('name', text);
        if (name === null) return;
        expect(name).toBe(text);
        expect(name.isWellFormed()).toBe(true);
        expect(name).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(
          name.replaceAll(/[\s\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}]/gu, ''),
        ).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a bio', () => {
  it('may be empty, and have lines and tabs', () => {
    for (const bio of ['', 'Countess.\r\nOf\tLovelace.\n', '\u202bعربي\u202c'])
      expect(sentAs('bio', bio)).toBe(bio);
  });

  it('that is sent is well-formed and has no other control in it', () => {
    fc.assert(
      fc.property(troublesome, (text) => {
        const isGood = text.isWellFormed() && !/[^\P{Cc}\t\n\r]|\uffff/u.test(text);
        expect(sentAs('bio', text)).toBe(isGood ? text : null);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an avatar address', () => {
  it.each([
    ['a user', 'https://ada@example.com/a.png'],
    ['a user and a password', 'https://ada:secret@example.com/a.png'],
    ['an empty user', 'https://@example.com/a.png'],
    ['a host that is a user', 'https://example.com:443@elsewhere.example/'],
    ['a backslash', 'https://example.com\\@elsewhere.example/'],
    ['backslashes for slashes', 'https:\\\\example.com\\a.png'],
    ['a backslash behind the host', 'https://example.com/a\\b.png'],
    ['no host', 'https:///a.png'],
    ['no host but a port', 'https://:443/a.png'],
    ['no host but a query', 'https://?a'],
    ['no slashes', 'https:example.com/a.png'],
    ['one slash', 'https:/example.com/a.png'],
    ['a host of dots', 'https://./a.png'],
    ['a host without its beginning', 'https://.example.com/a.png'],
    ['a dot of another script in its place', 'https://\u3002com/a.png'],
    ['a host with nothing between two dots', 'https://a..example.com/a.png'],
    ['a space', 'https://example.com/a b.png'],
    ['a space in front', ' https://example.com/a.png'],
    ['a line break', 'https://example.com/a\n.png'],
    ['a tab in the scheme', 'ht\ttps://example.com/'],
    ['U+0000', 'https://example.com/\u0000'],
    ['a turn of direction', 'https://example.com/\u202egnp.exe'],
    ['an isolate', 'https://example.com/\u2066a'],
    ['a soft hyphen in the host', 'https://exam\u00adple.com/'],
    ['a zero-width space in the host', 'https://exam\u200bple.com/'],
    ['half of a character', 'https://example.com/\ud83d'],
    ['an encoded control in the host', 'https://exam%00ple.com/'],
    ['another scheme', 'ftp://example.com/a.png'],
    ['a script', 'javascript://example.com/%0aalert(1)'],
  ])('with %s is refused', (_what, url) => {
    expect(sentAs('avatarUrl', url)).toBeNull();
  });

  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTP://EXAMPLE.COM:80/A.png', 'http://example.com/A.png'],
    ['https://bücher.example/ä.png?q=ö', 'https://xn--bcher-kva.example/%C3%A4.png?q=%C3%B6'],
    ['https://example.com/a/./b/../c.png', 'https://example.com/a/c.png'],
    ['https://example.com/@ada/a.png', 'https://example.com/@ada/a.png'],
    ['https://[2001:DB8::1]:8443/a.png', 'https://[2001:db8::1]:8443/a.png'],
    ['https://192.0.2.1/a.png', 'https://192.0.2.1/a.png'],
  ])('%s is sent as %s', (url, sent) => {
    expect(sentAs('avatarUrl', url)).toBe(sent);
  });

  it('that is sent is of plain characters, names its host alone in front, and stays as it is when it is sent again', () => {
    const address = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .tuple(
          fc.constantFrom('https://', 'http://', 'https:', 'https://example.com', 'https://a@'),
          troublesome,
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(address, (text) => {
        const checked = avatarUrl(text);
        if ('problem' in checked) return;
        expect(checked.url).toMatch(/^https?:\/\/[a-z\d.:[\]_~!$&'()*+,;=-]+\/[\x21-\x5b\x5d-\x7e]*$/);
        expect(avatarUrl(checked.url)).toEqual(checked);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a locale', () => {
  it.each([
    ['en', 'en'],
    ['EN-gb', 'en-GB'],
    ['zh-hans-cn', 'zh-Hans-CN'],
    ['es-419', 'es-419'],
    ['de-1996', 'de-1996'],
    ['sl-rozaj-biske-1994', 'sl-rozaj-biske-1994'],
    ['zh-yue', 'zh-yue'],
    ['sgn-ase', 'sgn-ase'],
    ['qaa-qaaa-qm-x-southern', 'qaa-Qaaa-QM-x-southern'],
    ['de-DE-u-co-phonebk', 'de-DE-u-co-phonebk'],
    ['en-us-x-twain', 'en-US-x-twain'],
    ['x-whatever', 'x-whatever'],
    ['I-Default', 'i-default'],
    ['i-klingon', 'i-klingon'],
    ['zh-min-nan', 'zh-min-nan'],
    ['art-lojban', 'art-lojban'],
    ['en-GB-oed', 'en-GB-oed'],
    ['sgn-BE-FR', 'sgn-BE-FR'],
    ['und', 'und'],
    ['iw', 'iw'],
  ])('%s is sent as %s', (locale, sent) => {
    expect(sentAs('locale', locale)).toBe(sent);
  });

  it.each([
    'english', 'deutsch', 'engl', 'jp', 'xx', 'en-UK', 'en-GBR', 'en-Abcd', 'en-yue', 'zh-yue-cmn', 'en-foobar',
    'en_GB', 'en-GB.UTF-8', 'C', 'POSIX', 'root', 'en-', '-en', 'en--GB', 'en GB', 'en-u', 'en-x', 'x', 'x-', 'i-foo',
    'de-1996-1996', 'en-a-bbb-a-ccc', 'a-DE', '419', `x-${'abcdefgh-'.repeat(20)}a`, 'ｅｎ', '', '*',
  ])('%s is none', (locale) => {
    expect(sentAs('locale', locale)).toBeNull();
  }); // prettier-ignore

  it('stays as it is when it is sent again, in whatever case it was written', () => {
    const subtag = fc.constantFrom(
      'en',
      'zh',
      'sgn',
      'yue',
      'Latn',
      'GB',
      '419',
      '1996',
      'rozaj',
      'u',
      'x',
      'co',
      'zz',
    );
    const locale = fc.oneof(
      fc.string(),
      fc.array(subtag, { maxLength: 6 }).map((all) => all.join('-')),
    );
    fc.assert(
      fc.property(locale, (text) => {
        const tag = localeTag(text);
        if (tag === null) return;
        for (const again of [tag, tag.toUpperCase(), tag.toLowerCase()]) expect(localeTag(again)).toBe(tag);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a time zone', () => {
  it.each([
    'BST', 'AST', 'IST', 'CST', 'SST', 'PST', 'CEST', 'EDT', 'SystemV/PST8PDT', 'Canada/East-Saskatchewan', 'US/Pacific-New',
    'Etc/Unknown', 'Factory', 'localtime', 'posixrules', 'posix/Europe/London', '+01:00', 'UTC+1', 'GMT+1', 'Europe/Atlantis',
    'Europe', 'Europe/', ' Europe/London', 'Europe/London ', 'Europe\\London', '__proto__', 'constructor', '',
  ])('%j is none that is registered', (zone) => {
    expect(sentAs('timezone', zone)).toBeNull();
  }); // prettier-ignore

  it.each([
    ['europe/london', 'Europe/London'],
    ['US/PACIFIC', 'US/Pacific'],
    ['asia/calcutta', 'Asia/Calcutta'],
    ['Asia/kolkata', 'Asia/Kolkata'],
    ['europe/kyiv', 'Europe/Kyiv'],
    ['europe/kiev', 'Europe/Kiev'],
    ['america/argentina/comodrivadavia', 'America/Argentina/ComodRivadavia'],
    ['utc', 'UTC'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['est5edt', 'EST5EDT'],
    ['EST', 'EST'],
    ['w-su', 'W-SU'],
    ['gb-eire', 'GB-Eire'],
  ])('%s is sent as %s', (zone, sent) => {
    expect(sentAs('timezone', zone)).toBe(sent);
  });

  it('that Intl lists is sent as it lists it, in whatever case it was written', () => {
    for (const zone of Intl.supportedValuesOf('timeZone'))
      for (const written of [zone, zone.toLowerCase(), zone.toUpperCase()])
        expect(registeredZone(written)).toBe(zone);
  });

  it('that is sent is one that Intl can work with', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[A-Z][a-z]{2,6}(\/[A-Z][a-z]{2,8})?$/)),
        (text) => {
          const zone = registeredZone(text);
          if (zone !== null) expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
        },
      ),
    );
  });
});
