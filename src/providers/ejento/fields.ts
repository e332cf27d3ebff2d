import type { OrganizationResolvers, UserResolvers } from '../../generated/resolvers.ts';
import { CallerError } from '../../request/caller-error.ts';
import type { Context } from '../../request/context.ts';
import { members, ownOnly } from '../../request/guards.ts';
import { after } from '../../loading/soon.ts';
import type { EjentoUser } from './wire.ts';

type Organization = Exclude<EjentoUser['organization'], Error | null>;

const NOT_YOUR_ORGANIZATION = new CallerError(
  'FORBIDDEN',
  'Only members of this organization may see who made or changed it.',
);

const userIdAt = members(({ id }, { ejento }) => ejento.userIdAt(id));

/** Somebody of an organization, often as an e-mail address: for those who belong to it, and for operators. */
const insiders =
  (key: 'createdBy' | 'modifiedBy') =>
  ({ id, [key]: person }: Organization, _args: object, { ejento, viewer }: Context) => {
    if (person === null || person instanceof Error || viewer.isOperator) return person;
    const ownUser = after(viewer.requireId(), (viewerId) => ejento.userOf(viewerId));
    return after(ownUser, (own) => {
      const organization = own?.organization ?? null;
      if (organization instanceof Error) throw organization;
      if (organization?.id === id) return person;
      throw NOT_YOUR_ORGANIZATION;
    });
  };

export const User = {
  /** Whoever asked by it knows it. */
  ejentoUserId: (user, args, context) => user.keySent ?? userIdAt(user, args, context),
  organization: members(({ id }, { ejento }) =>
    after(ejento.userOf(id), (user) => user?.organization ?? null),
  ),
  ejentoAccount: ownOnly(({ id }, { ejento }) => after(ejento.userOf(id), (user) => user?.account ?? null)),
} satisfies UserResolvers;

export const Organization = {
  createdBy: insiders('createdBy'),
  modifiedBy: insiders('modifiedBy'),
} satisfies OrganizationResolvers;
