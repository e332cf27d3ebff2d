import { ada, grace, linus, type Person } from './people.ts';

const CREATED = '2023-02-09T16:26:20.379Z';
const UPDATED = '2024-05-01T10:00:00.123Z';
const dates = { createdAt: CREATED, updatedAt: UPDATED };

/** The user object of `/me`, and of the organization list. */
export interface BirdUser {
  id: string;
  name: string;
  status: string;
  createdAt: string;
  updatedAt: string;
  activeSessions?: number;
  [optional: string]: unknown;
}

/** A person as Bird has them before anything is changed. */
export function birdUser(person: Person): BirdUser {
  const { userId, number, firstName, lastName, email } = person;
  const required = { id: userId, name: `${firstName} ${lastName}`, status: statusOf(person), ...dates };
  // What Bird promises, and of the rest nothing: null, empty or missing. One published sample lacks activeSessions.
  if (person === linus) {
    return { ...required, bio: null, avatarUrl: null, phoneNumber: '', locale: null, identities: [] };
  }
  const isAda = person === ada;
  const phoneNumber = `+4420794${String(number).padStart(6, '0')}`;
  const avatarUrl = `https://avatars.example.com/${number}.png`;
  return {
    ...required,
    activeSessions: sessionsOf(person).length,
    bio: isAda ? 'Writes programs for engines that do not exist yet.' : `Known as number ${number}.`,
    avatarUrl,
    defaultEmail: email,
    phoneNumber,
    locale: person === grace ? 'en-US' : 'en-GB',
    timezone: person === grace ? 'America/New_York' : 'Europe/London',
    emails: [
      { id: entry(1, number), userId, email, verified: true, passwordSet: true, tokenSet: false, ...dates },
      ...(isAda
        ? [
            {
              id: entry(5, number),
              userId,
              email: 'ada.lovelace@example.org',
              verified: false,
              passwordSet: false,
              tokenSet: true,
              ...dates,
            },
          ]
        : []),
    ],
    identities: [
      {
        id: entry(2, number),
        name: `${firstName} ${lastName}`,
        email,
        avatarUrl,
        provider: 'google',
        ...dates,
      },
    ],
    phoneNumbers: [{ id: entry(3, number), userId, phoneNumber, verified: true, primary: true, ...dates }],
    badges: isAda ? ['messagebird:cx'] : [],
    userFraudInformation: { score: 0.25, userId },
  };
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';

/** `/me/sessions`: a bare array. */
export function sessionsOf(person: Person) {
  const count = person === linus ? 0 : person === ada ? 2 : 1;
  return Array.from({ length: count }, (_, index) => ({
    userId: person.userId,
    tokenId: entry(4 + 2 * index, person.number),
    ip: `198.51.100.${index + 1}`,
    userAgent: index === 0 ? FIREFOX : SAFARI,
    country: 'GB',
    region: 'England',
    city: 'London',
    ...dates,
  }));
}

/** An item of the organization list. Its own status is the membership's, and seldom the person's. */
export function membershipOf(person: Person, user: BirdUser) {
  return {
    user,
    status: person === ada ? 'active' : person === grace ? 'requested-to-join' : 'pending',
    createdAt: '2023-03-01T08:00:00.000Z',
    updatedAt: '2023-03-02T08:00:00.000Z',
    attributes: {},
    roleRefs: [{ name: 'member' }],
  };
}

/** Among the hundred is one of each, and one whose status nobody has heard of. */
function statusOf({ number }: Person): string {
  const others: Record<number, string> = {
    1003: 'pending',
    1004: 'invited',
    1005: 'banned',
    1006: 'deleted',
    1007: 'suspended',
  };
  return others[number] ?? 'active';
}

function entry(kind: number, number: number): string {
  return `b1bd000${kind}-0000-4000-9000-${String(number).padStart(12, '0')}`;
}
