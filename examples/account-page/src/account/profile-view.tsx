import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { Pill } from '../ui/pill.tsx';
import { ContactDetails } from './contact-details.tsx';
import { userStatusWords } from './user-status-words.ts';

const ProfileViewFields = graphql(`
  fragment ProfileView on User {
    name
    bio
    avatarUrl
    locale
    timezone
    status
    createdAt
    ...ContactDetails
  }
`);

export function ProfileView({ user }: { user: FragmentType<typeof ProfileViewFields> }) {
  const person = readFragment(ProfileViewFields, user);
  const { name, bio, avatarUrl, locale, timezone, status, createdAt } = person;
  const words = status && userStatusWords(status);
  return (
    <>
      <div className="person">
        <Avatar url={avatarUrl} name={name} />
        <div>
          <p className="name">{name}</p>
          {words && <Pill tone={words.tone}>{words.label}</Pill>}
        </div>
      </div>
      {bio ? (
        <p className="prose">{bio}</p>
      ) : (
        <p className="quiet">You have not written anything about yourself.</p>
      )}
      <ContactDetails user={person} />
      <Facts>
        <Fact name="Locale">{locale && languageOf(locale)}</Fact>
        <Fact name="Time zone">{timezone?.replaceAll('_', ' ')}</Fact>
        <Fact name="With Bird since">{createdAt && <Moment at={createdAt} />}</Fact>
      </Facts>
    </>
  );
}

function languageOf(locale: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
