import type { UserResolvers } from '../../generated/resolvers.ts';
import { members, ownOnly } from '../../request/guards.ts';
import type { Context } from '../../request/context.ts';
import { after, type Soon } from '../../loading/soon.ts';
import type { UserRef } from '../../request/user-ref.ts';
import type { BirdUser } from './wire.ts';

const profile =
  <Key extends keyof BirdUser>(key: Key) =>
  ({ id }: UserRef, { bird }: Context): Soon<BirdUser[Key] | null> =>
    after(bird.profileOf(id), (user) => user && user[key]);

export const User = {
  name: members(profile('name')),
  bio: members(profile('bio')),
  avatarUrl: members(profile('avatarUrl')),
  locale: members(profile('locale')),
  timezone: members(profile('timezone')),
  status: members(profile('status')),
  email: ownOnly(profile('email')),
  emails: ownOnly(profile('emails')),
  phoneNumber: ownOnly(profile('phoneNumber')),
  phoneNumbers: ownOnly(profile('phoneNumbers')),
  identities: ownOnly(profile('identities')),
  badges: ownOnly(profile('badges')),
  activeSessions: ownOnly(profile('activeSessions')),
  sessions: ownOnly(({ id }, { bird }) => bird.sessionsOf(id)),
  createdAt: ownOnly(profile('createdAt')),
  updatedAt: ownOnly(profile('updatedAt')),
} satisfies UserResolvers;
