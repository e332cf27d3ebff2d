import { type Decode, DecodeError, fields, listOf, readableOf } from '../../http/decode.ts';

const STATUS = {
  pending: 'PENDING',
  active: 'ACTIVE',
  deleted: 'DELETED',
  invited: 'INVITED',
  banned: 'BANNED',
} as const;

const email = fields((from) => ({
  id: from.id('id'),
  email: from.text('email'),
  verified: from.boolean('verified'),
  createdAt: from.time('createdAt'),
  updatedAt: from.time('updatedAt'),
}));

const phoneNumber = fields((from) => ({
  id: from.id('id'),
  phoneNumber: from.text('phoneNumber'),
  verified: from.boolean('verified'),
  primary: from.boolean('primary'),
  createdAt: from.time('createdAt'),
  updatedAt: from.time('updatedAt'),
}));

const identity = fields((from) => ({
  id: from.id('id'),
  name: from.text('name'),
  email: from.text('email'),
  avatarUrl: from.text('avatarUrl'),
  provider: from.text('provider'),
  createdAt: from.time('createdAt'),
  updatedAt: from.time('updatedAt'),
}));

const session = fields((from) => ({
  id: from.id('tokenId'),
  userId: from.idIfAny('userId'),
  ip: from.text('ip'),
  userAgent: from.text('userAgent'),
  country: from.text('country'),
  region: from.text('region'),
  city: from.text('city'),
  createdAt: from.time('createdAt'),
  updatedAt: from.time('updatedAt'),
}));

const badge: Decode<string> = (json) => {
  if (typeof json !== 'string' || json === '') throw new DecodeError('', 'text');
  return json.toWellFormed();
};

/**
 * `GET /me`: a bare object. `userFraudInformation` is Bird's own and is not read. The id is what a login comes to, and
 * what links are found by: anything but a UUID is nobody's.
 */
export const userAnswer = fields((from) => ({
  id: from.uuid('id'),
  name: from.text('name'),
  bio: from.text('bio'),
  avatarUrl: from.text('avatarUrl'),
  locale: from.text('locale'),
  timezone: from.text('timezone'),
  status: from.oneOf('status', STATUS),
  email: from.text('defaultEmail'),
  emails: from.optional('emails', listOf(email)),
  phoneNumber: from.text('phoneNumber'),
  phoneNumbers: from.optional('phoneNumbers', listOf(phoneNumber)),
  identities: from.optional('identities', listOf(identity)),
  badges: from.optional('badges', listOf(badge)),
  activeSessions: from.integer('activeSessions'),
  createdAt: from.time('createdAt'),
  updatedAt: from.time('updatedAt'),
}));

/** A Bird user. Somebody else's, from the organization list, may be a smaller preview: what it lacks is null. */
export type BirdUser = ReturnType<typeof userAnswer>;
export type BirdEmail = ReturnType<typeof email>;
export type BirdPhoneNumber = ReturnType<typeof phoneNumber>;
export type BirdIdentity = ReturnType<typeof identity>;
export type BirdSession = ReturnType<typeof session>;

/** `GET /me/sessions`: a bare array. */
export const sessionsAnswer = listOf(session);

/** `GET /organizations/{id}/users`: a page. An empty `nextPageToken` ends the list like a missing one. */
export const organizationPageAnswer = fields((from) => ({
  values: from.required(
    'results',
    // The outer `status` is the membership's: only `user` is the person's.
    readableOf(fields((item) => item.required('user', userAnswer))),
  ),
  next: from.idIfAny('nextPageToken'),
}));

/** What Bird finds wrong with a profile: the field (its path) and the reasons. */
export type Rejection = { rejected: { path: string; reasons: string[] }[] };

/**
 * `422` of `PATCH /me`: `{code, message, details?}`, details = path → reasons; a newer platform of theirs answers a list
 * of `{param, message}`. Reasons are passed on as far as they can be read.
 */
export const rejectionAnswer: Decode<Rejection> = fields((from) => {
  const rejected = from.optional('details', detailList);
  return { rejected: rejected === null || rejected instanceof Error ? [] : rejected };
});

function detailList(json: unknown): Rejection['rejected'] {
  if (Array.isArray(json)) return json.map((entry) => rejection(Object(entry).param, Object(entry).message));
  if (typeof json !== 'object' || json === null) throw new DecodeError('', 'a list of reasons');
  return Object.entries(json).map(([path, reasons]) => rejection(path, reasons));
}

function rejection(path: unknown, reasons: unknown): Rejection['rejected'][number] {
  return {
    path: typeof path === 'string' ? path.replace(/^\./, '') : '',
    reasons: [reasons]
      .flat()
      .filter((reason): reason is string => typeof reason === 'string' && reason !== ''),
  };
}
