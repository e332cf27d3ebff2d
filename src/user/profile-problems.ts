import type { FieldError, UpdateMeInput } from '../generated/resolvers.ts';

/** Why a value cannot be right, in words for the person who typed it; null when nothing speaks against it. */
type Check = (value: string) => string | null;

const CHECKS: Readonly<Record<keyof Required<UpdateMeInput>, Check>> = {
  name: (value) => (value.trim() === '' ? 'A name cannot be blank.' : tooLong(value, 200)),
  bio: (value) => tooLong(value, 5_000),
  avatarUrl: (value) =>
    tooLong(value, 2_048) ?? (isHttpUrl(value) ? null : 'An avatar is an absolute http or https URL.'),
  locale: (value) => (isLocale(value) ? null : 'A locale is a BCP 47 language tag, such as en-GB.'),
  timezone: (value) => (isTimeZone(value) ? null : 'A time zone is an IANA name, such as Europe/Amsterdam.'),
};

/** What is wrong with a change of the profile, field by field, found before anything is sent. */
export function profileProblems(input: UpdateMeInput): FieldError[] {
  const given = Object.entries(input) as [keyof typeof CHECKS, string | null | undefined][];
  const changes = given.filter(([, value]) => value !== undefined);
  if (changes.length === 0)
    return [{ field: 'input', message: 'Nothing to change: give at least one field.' }];
  return changes.flatMap(([field, value]) => {
    const message =
      value === null
        ? 'Null is not a value: leave the field out to keep what is there.'
        : CHECKS[field](value as string);
    return message === null ? [] : [{ field, message }];
  });
}

/** Whether a name is that of a field which can be changed. */
export function isProfileField(name: string): boolean {
  return Object.hasOwn(CHECKS, name);
}

/** Counts code points, as most people and services do: an emoji is one, though its `length` is two. */
function tooLong(value: string, most: number): string | null {
  const characters = Array.from(value).length;
  return characters > most
    ? `At most ${most.toLocaleString('en')} characters; this has ${characters.toLocaleString('en')}.`
    : null;
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
}

function isLocale(value: string): boolean {
  try {
    return value.length <= 255 && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  try {
    // An offset such as +01:00 is a valid time zone to Intl, but it is not a name of the IANA database.
    return (
      /^[a-z]/i.test(value) &&
      value.length <= 64 &&
      Boolean(new Intl.DateTimeFormat('en', { timeZone: value }))
    );
  } catch {
    return false;
  }
}
