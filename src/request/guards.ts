import { CallerError } from './caller-error.ts';
import type { Context } from './context.ts';
import { after, type Soon } from '../loading/soon.ts';
import type { UserRef } from './user-ref.ts';

/** A field of `User`, without the arguments that none of them has. */
type UserField<Result> = (user: UserRef, context: Context) => Soon<Result>;
type Resolver<Result> = (user: UserRef, args: object, context: Context) => Soon<Result>;

const NOT_YOURS = new CallerError('FORBIDDEN', 'Only the person themselves may see this.');
const NOT_A_MEMBER = new CallerError(
  'FORBIDDEN',
  'Only members may see other people: your own account is not linked to any provider.',
);

/** For the person themselves, and for operators. */
export function ownOnly<Result>(field: UserField<Result>): Resolver<Result> {
  return (user, _args, context) =>
    after(isOwnOrOperator(user, context), (isOwn) => {
      if (isOwn) return field(user, context);
      throw NOT_YOURS;
    });
}

/** The public part of a person: for them, for operators, and for members (users who are linked to a provider). */
export function members<Result>(field: UserField<Result>): Resolver<Result> {
  const isAllowed = (user: UserRef, context: Context) =>
    after(isOwnOrOperator(user, context), (isOwn) => isOwn || isMember(context));

  return (user, _args, context) =>
    after(isAllowed(user, context), (isAllowed) => {
      if (isAllowed) return field(user, context);
      throw NOT_A_MEMBER;
    });
}

function isOwnOrOperator(user: UserRef, { viewer }: Context): Soon<boolean> {
  return viewer.isOperator || after(viewer.requireId(), (id) => id === user.id);
}

function isMember({ viewer, links }: Context): Soon<boolean> {
  return after(viewer.requireId(), (id) => links.isLinked(id));
}
