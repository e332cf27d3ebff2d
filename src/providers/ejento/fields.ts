import type { UserResolvers } from '../../generated/resolvers.ts';
import { members, ownOnly } from '../../request/guards.ts';
import { after } from '../../loading/soon.ts';

export const User = {
  ejentoUserId: members(({ id }, { ejento }) => ejento.userIdAt(id)),
  organization: members(({ id }, { ejento }) =>
    after(ejento.userOf(id), (user) => user?.organization ?? null),
  ),
  ejentoAccount: ownOnly(({ id }, { ejento }) => after(ejento.userOf(id), (user) => user?.account ?? null)),
} satisfies UserResolvers;
