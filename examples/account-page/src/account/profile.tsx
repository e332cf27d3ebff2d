import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Answered } from '../answer/answered.tsx';
import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Card } from '../ui/section.tsx';
import { ProfileForm } from './profile-form.tsx';
import { ProfileView } from './profile-view.tsx';

const ProfileFields = graphql(`
  fragment Profile on User {
    ...ProfileView
    ...ProfileForm
  }
`);

type ProfileUser = FragmentType<typeof ProfileFields>;

/** Shows the profile, and on demand the form to edit it in the same place. */
export function Profile({ user }: { user: ProfileUser }) {
  const [isEditing, setEditing] = useState(false);
  const [saved, setSaved] = useState<{ instead: ProfileUser; user: ProfileUser } | null>(null);
  const [status, setStatus] = useState('');
  const editButton = useRef<HTMLButtonElement>(null);
  // What the change answered is shown until the page, which is then asked for again, brings a newer one.
  const shown = readFragment(ProfileFields, saved?.instead === user ? saved.user : user);

  const edit = () => {
    setStatus('');
    setEditing(true);
  };
  const close = () => {
    flushSync(() => setEditing(false));
    editButton.current?.focus();
  };
  const takeOver = (fresh: ProfileUser) => {
    setSaved({ instead: user, user: fresh });
    setStatus('Your profile is saved.');
    close();
  };

  return (
    <Card title="Profile">
      {isEditing ? (
        <ProfileForm user={shown} onSaved={takeOver} onCancel={close} />
      ) : (
        <Answered at={['name']} subject="Your profile">
          <ProfileView user={shown} />
          <button ref={editButton} className="button" onClick={edit}>
            Edit profile
          </button>
        </Answered>
      )}
      <p className="status" role="status">
        {status}
      </p>
    </Card>
  );
}
