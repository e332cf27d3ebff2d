import type { AtomsAccountResolvers, UserResolvers } from '../../generated/resolvers.ts';
import { ownOnly } from '../../request/guards.ts';

export const User = {
  atomsAccount: ownOnly(({ id }, { atoms }) => atoms.accountOf(id)),
} satisfies UserResolvers;

export const AtomsAccount = {
  subscription: (account, _, { atoms }) => atoms.subscriptionOf(account),
} satisfies AtomsAccountResolvers;
