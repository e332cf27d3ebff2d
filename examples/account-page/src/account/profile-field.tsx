import { useId } from 'react';
import { PROFILE_FIELDS, type ProfileFieldName } from './profile-fields.ts';

interface ProfileFieldProps {
  name: ProfileFieldName;
  value: string | null;
  errors: readonly string[];
}

/** A labelled input, with its hint and what is wrong with it tied to it for those who hear the page. */
export function ProfileField({ name, value, errors }: ProfileFieldProps) {
  const id = useId();
  const { label, hint, isLong, choices, ...settings } = PROFILE_FIELDS[name];
  const described = [hint && `${id}-hint`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ');
  const field = {
    id,
    name,
    defaultValue: value ?? '',
    'aria-invalid': errors.length > 0,
    'aria-describedby': described || undefined,
    ...settings,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {isLong ? <textarea rows={4} {...field} /> : <input list={choices && `${id}-choices`} {...field} />}
      {choices && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      {errors.length > 0 && (
        <p className="error" id={`${id}-error`}>
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}
