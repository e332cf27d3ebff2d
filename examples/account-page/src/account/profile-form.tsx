import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { useAnswer } from '../answer/answer.ts';
import { troublesOf } from '../answer/trouble.ts';
import type { ProfileFragmentDoc } from '../generated/graphql.ts';
import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Announcement } from '../ui/announcement.tsx';
import { ProfileField } from './profile-field.tsx';
import { changesIn, PROFILE_FIELDS, type ProfileFieldName } from './profile-fields.ts';

const ProfileFormFields = graphql(`
  fragment ProfileForm on User {
    name
    bio
    avatarUrl
    locale
    timezone
  }
`);

const UpdateProfileDocument = graphql(`
  mutation UpdateProfile($input: UpdateMeInput!) {
    updateMe(input: $input) {
      ... on UpdateMeSuccess {
        user {
          id
          ...Profile
        }
      }
      ... on UpdateMeInvalid {
        fieldErrors {
          field
          message
        }
      }
    }
  }
`);

interface ProfileFormProps {
  user: FragmentType<typeof ProfileFormFields>;
  onSaved: (user: FragmentType<typeof ProfileFragmentDoc>) => void;
  onCancel: () => void;
}

/** What the server says is wrong, beside the field that it is about. */
interface Problem {
  field: string;
  message: string;
}

export function ProfileForm({ user, onSaved, onCancel }: ProfileFormProps) {
  // As it was when the form was opened: what is saved is what differs from it.
  const [before] = useState(() => readFragment(ProfileFormFields, user));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { reload } = useAnswer();
  const [{ fetching }, updateMe] = useMutation(UpdateProfileDocument);
  const form = useRef<HTMLFormElement>(null);
  const general = problems.filter(({ field }) => !Object.hasOwn(PROFILE_FIELDS, field));

  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);
  useEffect(() => {
    if (problems.length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true], [role=alert]')?.focus();
  }, [problems]);

  const cancel = () => {
    if (fetching) return;
    onCancel();
    if (general.length > 0) reload(); // It may have been saved all the same: the page shows what is.
  };
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (fetching) return;
    const input = changesIn(new FormData(event.currentTarget), before);
    if (Object.keys(input).length === 0) return onCancel();
    const { data, error } = await updateMe({ input });
    const answer = data?.updateMe;
    if (answer?.__typename === 'UpdateMeSuccess') return onSaved(answer.user);
    if (answer?.__typename === 'UpdateMeInvalid') return setProblems(answer.fieldErrors);
    setProblems(troublesOf(error).map(({ message }) => ({ field: '', message })));
  };

  return (
    <form ref={form} className="stack" onSubmit={save} noValidate aria-label="Edit profile">
      {general.length > 0 && (
        <div className="notice is-bad" role="alert" tabIndex={-1}>
          <p className="strong">There was a problem with saving.</p>
          {general.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </div>
      )}
      {(Object.keys(PROFILE_FIELDS) as ProfileFieldName[]).map((name) => (
        <ProfileField
          key={name}
          name={name}
          value={before[name]}
          errors={problems.filter(({ field }) => field === name).map(({ message }) => message)}
        />
      ))}
      <div className="actions">
        <button className="button is-primary" aria-disabled={fetching}>
          {fetching ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="button" onClick={cancel} aria-disabled={fetching}>
          Cancel
        </button>
        <Announcement>{fetching && 'Saving…'}</Announcement>
      </div>
    </form>
  );
}
