import type { UpdateMeInput } from '../generated/graphql.ts';
import { textOf } from '../ui/text-of.ts';

export type ProfileFieldName = keyof UpdateMeInput;

/** How a field of the profile is asked for. */
interface FieldSettings {
  label: string;
  hint?: string;
  /** Several lines. */
  isLong?: boolean;
  inputMode?: 'url';
  autoComplete?: string;
  /** Values to choose from; others are possible. */
  choices?: readonly string[];
}

/** Everything that `updateMe` can change: a field of its input that is not here does not compile, nor the reverse. */
export const PROFILE_FIELDS: Readonly<Record<ProfileFieldName, FieldSettings>> = {
  name: { label: 'Name', autoComplete: 'name' },
  bio: { label: 'Bio', isLong: true, hint: 'A few sentences about you' },
  avatarUrl: {
    label: 'Avatar',
    hint: 'The address of an image on the web, starting with https://',
    inputMode: 'url',
    autoComplete: 'photo',
  },
  locale: {
    label: 'Locale',
    hint: 'A tag such as en-GB: the language, and where it is spoken',
    autoComplete: 'language',
    choices: [
      'de-DE',
      'en-GB',
      'en-US',
      'es-ES',
      'fr-FR',
      'hi-IN',
      'it-IT',
      'ja-JP',
      'nl-NL',
      'pl-PL',
      'pt-BR',
    ],
  },
  timezone: {
    label: 'Time zone',
    hint: 'A name such as Europe/Amsterdam',
    choices: Intl.supportedValuesOf('timeZone'),
  },
};

/** What was typed that differs from before. What is left as it was is not sent: for the server, absent is unchanged. */
export function changesIn(
  form: FormData,
  before: Readonly<Record<ProfileFieldName, string | null>>,
): UpdateMeInput {
  const changes: UpdateMeInput = {};
  for (const name of Object.keys(PROFILE_FIELDS) as ProfileFieldName[]) {
    const typed = textOf(form, name);
    // A text field has one kind of line break, whatever it was given.
    if (typed !== (before[name] ?? '').replaceAll(/\r\n?/g, '\n')) changes[name] = typed;
  }
  return changes;
}
