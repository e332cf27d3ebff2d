import type { UserResolvers } from '../../generated/resolvers.ts';
import { members, ownOnly } from '../../guards.ts';

export const User = {
  ejentoUserId: members(({ id }, { ejento }) => ejento.userIdAt(id)),
  organization: members(async ({ id }, { ejento }) => (await ejento.userOf(id))?.organization ?? null),
  ejentoAccount: ownOnly(async ({ id }, { ejento }) => (await ejento.userOf(id))?.account ?? null),
} satisfies UserResolvers;
