import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Pill } from '../ui/pill.tsx';

const ContactDetailsFields = graphql(`
  fragment ContactDetails on User {
    email
    emails {
      id
      email
      verified
    }
    phoneNumber
    phoneNumbers {
      id
      phoneNumber
      verified
    }
  }
`);

/** How Bird can reach the person: the lists if Bird tells them, else the one address and the one number. */
export function ContactDetails({ user }: { user: FragmentType<typeof ContactDetailsFields> }) {
  const { email, emails, phoneNumber, phoneNumbers } = readFragment(ContactDetailsFields, user);
  const mails = emails ?? (email ? [{ id: email, email, verified: null }] : []);
  const phones = phoneNumbers ?? (phoneNumber ? [{ id: phoneNumber, phoneNumber, verified: null }] : []);
  const ways = [
    ...mails.map(({ id, email, verified }) => ({ id, text: email, verified })),
    ...phones.map(({ id, phoneNumber, verified }) => ({ id, text: phoneNumber, verified })),
  ];
  if (ways.length === 0) return null;
  return (
    <ul className="rows" aria-label="Contact details">
      {ways.map(({ id, text, verified }) => (
        <li key={id} className="row">
          <span className="breakable">{text}</span>
          {verified !== null && (
            <Pill tone={verified ? 'good' : 'warning'}>{verified ? 'Verified' : 'Not verified'}</Pill>
          )}
        </li>
      ))}
    </ul>
  );
}
