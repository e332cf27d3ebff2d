import { readFileSync } from 'node:fs';

/** An entry of the IANA Language Subtag Registry (RFC 5646, section 3), as the package has it. */
interface Entry {
  Type: 'language' | 'extlang' | 'script' | 'region' | 'variant' | 'grandfathered' | 'redundant';
  /** One subtag, or the first and the last of those for private use (`qaa..qtz`). */
  Subtag?: string;
  Tag?: string;
  Prefix?: string[];
}

const SUBTAGS =
  /^([a-z]{2,3})(?:-([a-z]{3}))?(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)((?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*)(?:-x(?:-[a-z\d]{1,8})+)?$/;
const PRIVATE = /^x(?:-[a-z\d]{1,8})+$/;
/** No tag needs more; what people use is shorter than 36 (RFC 5646, section 4.4.1). */
const LONGEST = 100;

/**
 * A BCP 47 language tag in the case that is customary (`en-GB`), null when it is none. That is: it has the form of RFC
 * 5646, every subtag is registered or for private use, an extended language stands behind the one that it is registered
 * for, and no variant or extension comes twice. The old whole tags (`i-default`, `zh-min-nan`) and those for private
 * use alone (`x-…`) are tags too. What is behind the letter of an extension is not looked at.
 *
 * Not left to Intl: it knows neither of the last two, nor extended languages, and takes any five letters for a language.
 */
export function localeTag(text: string): string | null {
  const tag = text.toLowerCase();
  if (tag.length > LONGEST) return null;
  const { wholeTags, language, extlang, script, region, variant } = (registry ??= readRegistry());
  const whole = wholeTags.get(tag);
  if (whole !== undefined) return whole;
  if (PRIVATE.test(tag)) return tag;
  const [, first = '', extended, written, place, variants = '', extensions = ''] = SUBTAGS.exec(tag) ?? [];
  const isRegistered =
    isIn(language, first) &&
    (extended === undefined || extlang.get(extended) === first) &&
    (written === undefined || isIn(script, written)) &&
    (place === undefined || isIn(region, place));
  const variantList = variants.split('-').slice(1);
  const singletons = extensions.match(/(?<=-)[a-z\d](?=-)/g) ?? [];
  return isRegistered &&
    variantList.every((subtag) => variant.has(subtag)) &&
    isWithoutRepeats(variantList) &&
    isWithoutRepeats(singletons)
    ? inCustomaryCase(tag)
    : null;
}

type Registry = ReturnType<typeof readRegistry>;
/** Read when the first tag is looked at: it is a megabyte, of which little is kept. */
let registry: Registry | undefined;

function readRegistry() {
  const file = new URL(import.meta.resolve('language-subtag-registry/data/json/registry.json'));
  const entries = JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  const subtagsOf = (type: Entry['Type']) =>
    new Set(entries.flatMap(({ Type, Subtag }) => (Type === type && Subtag ? [Subtag.toLowerCase()] : [])));
  return {
    wholeTags: new Map(
      entries.flatMap(({ Type, Tag }) =>
        Type === 'grandfathered' && Tag ? [[Tag.toLowerCase(), Tag] as const] : [],
      ),
    ),
    language: subtagsOf('language'),
    /** With the one language that each stands behind. */
    extlang: new Map(
      entries.flatMap(({ Type, Subtag, Prefix }) =>
        Type === 'extlang' && Subtag ? [[Subtag, Prefix?.[0]] as const] : [],
      ),
    ),
    script: subtagsOf('script'),
    region: subtagsOf('region'),
    variant: subtagsOf('variant'),
  };
}

/** Whether a subtag is registered. Those for private use are registered as ranges (section 3.5). */
function isIn(registered: ReadonlySet<string>, subtag: string): boolean {
  if (registered.has(subtag)) return true;
  for (const entry of registered) {
    const [first = '', last] = entry.split('..');
    if (last !== undefined && subtag.length === last.length && first <= subtag && subtag <= last) return true;
  }
  return false;
}

function isWithoutRepeats(subtags: readonly string[]): boolean {
  return new Set(subtags).size === subtags.length;
}

/** RFC 5646, section 2.1.1: regions in capitals, scripts with one, everything else small; from an extension on all. */
function inCustomaryCase(tag: string): string {
  const [, head = '', rest = ''] = /^(.*?)((?:-[a-z\d]-.*)?)$/.exec(tag) ?? [];
  const [language, ...others] = head.split('-');
  const inCase = others.map((subtag) => {
    if (subtag.length === 2) return subtag.toUpperCase();
    return /^[a-z]{4}$/.test(subtag) ? subtag.charAt(0).toUpperCase() + subtag.slice(1) : subtag;
  });
  return [language, ...inCase].join('-') + rest;
}
