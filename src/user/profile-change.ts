import type { FieldError, UpdateMeInput } from '../generated/resolvers.ts';
import type { ProfileChange } from '../providers/bird/client.ts';
import { avatarUrl } from './avatar-url.ts';
import { localeTag } from './locale.ts';
import { registeredZone, zoneProblem } from './time-zone.ts';

/** What is sent for a value, or why it cannot be right, in words for the person who typed it. */
type Checked = { readonly sends: string } | { readonly problem: string };

const CHECKS: Readonly<Record<keyof ProfileChange, (value: string) => Checked>> = {
  name: (value) =>
    problem(value.trim() === '' && 'A name cannot be blank.') ??
    problem(!SEEN.test(value) && 'A name needs at least one character that can be seen.') ??
    problem(NOT_IN_A_LINE.test(value) && 'A name has no line breaks and no control characters in it.') ??
    tooLong(value, 200) ?? { sends: value },
  bio: (value) =>
    problem(NOT_IN_TEXT.test(value) && 'A bio has no control characters in it but tabs and line breaks.') ??
    tooLong(value, 5_000) ?? { sends: value },
  avatarUrl(value) {
    const avatar = avatarUrl(value);
    return 'problem' in avatar ? avatar : (tooLong(avatar.url, 2_048) ?? { sends: avatar.url });
  },
  locale(value) {
    const tag = localeTag(value);
    return tag === null ? { problem: 'A locale is a BCP 47 language tag, such as en-GB.' } : { sends: tag };
  },
  timezone(value) {
    const zone = registeredZone(value);
    return zone === null ? { problem: zoneProblem(value) } : { sends: zone };
  },
};

/**
 * Anything but white space, what is never shown (Unicode's own list among others), and the few signs that are blank
 * though Unicode counts them as letters or symbols: the empty Braille cell, the place of an object, blank hieroglyphs, a
 * filler and a note without a head.
 */
const SEEN =
  /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u{16fe4}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/u;

/** Controls, line breaks, and what turns the direction of all that follows (not the marks that names are written with). */
const NOT_IN_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/u;

const NOT_IN_TEXT = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/u;

/** A change of the profile as it is to be sent, or what is wrong with it, field by field. */
export function profileChange(input: UpdateMeInput): { change: ProfileChange } | { problems: FieldError[] } {
  const given = Object.entries(input) as [keyof ProfileChange, string | null | undefined][];
  const change: ProfileChange = {};
  const problems: FieldError[] = [];
  for (const [field, value] of given) {
    // Null means left out: it is what many client generators send for a field that nobody has set.
    if (value === undefined || value === null) continue;
    const checked = checkedFor(field, value);
    if ('problem' in checked) problems.push({ field, message: checked.problem });
    else change[field] = checked.sends;
  }
  if (problems.length > 0) return { problems };
  if (Object.keys(change).length > 0) return { change };
  return { problems: [{ field: 'input', message: 'Nothing to change: give at least one field.' }] };
}

/** Whether a name is that of a field which can be changed. */
export function isProfileField(name: string): boolean {
  return Object.hasOwn(CHECKS, name);
}

function checkedFor(field: keyof ProfileChange, value: string): Checked {
  // A lone surrogate: no text that is sent as UTF-8 can have one.
  if (!value.isWellFormed()) return { problem: 'There is half of a character in it: type it anew.' };
  return CHECKS[field](value);
}

function problem(words: string | false): Checked | undefined {
  return words === false ? undefined : { problem: words };
}

/** Counts code points, as most people and services do: an emoji is one, though its `length` is two. */
function tooLong(value: string, most: number): Checked | undefined {
  const characters = Array.from(value).length;
  return problem(
    characters > most &&
      `At most ${most.toLocaleString('en')} characters; this has ${characters.toLocaleString('en')}.`,
  );
}
