import type { MutationResolvers, QueryResolvers, UserResolvers } from '../generated/resolvers.ts';
import { refuseToTell } from '../request/guards.ts';
import { after } from '../loading/soon.ts';
import { deleteMe } from './delete-me.ts';
import { linkAccount, unlinkAccount } from './link-account.ts';
import { updateMe } from './update-me.ts';
import { userById } from './user-reference.ts';

export const Query = {
  me: (_parent, _args, { viewer }) => after(viewer.requireId(), (id) => ({ id })),

  async user(_parent, { id }, context) {
    if (!context.viewer.isOperator) await context.viewer.requireId();
    return userById(id, context);
  },
} satisfies QueryResolvers;

export const User = {
  id: ({ id, keySent }, _args, context) => (keySent === undefined ? id : refuseToTell(context)),
} satisfies UserResolvers;

export const Mutation = {
  updateMe: (_parent, { input }, context) => updateMe(input, context),
  deleteMe: (_parent, _args, context) => deleteMe(context),
  linkAccount: (_parent, { input }, context) => linkAccount(input, context),
  unlinkAccount: (_parent, { input }, context) => unlinkAccount(input, context),
} satisfies MutationResolvers;
