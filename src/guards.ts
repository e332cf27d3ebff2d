import { CallerError } from './caller-error.ts';
import type { Context } from './context.ts';
import type { UserRef } from './user/user-ref.ts';

/** A field of `User`, without the arguments that none of them has. */
type UserField<Result> = (user: UserRef, context: Context) => Promise<Result>;
type Resolver<Result> = (user: UserRef, args: object, context: Context) => Promise<Result>;

/** For the person themselves, and for operators. */
export function ownOnly<Result>(field: UserField<Result>): Resolver<Result> {
  return async (user, _args, context) => {
    if (!(await isOwnOrOperator(user, context.viewer))) {
      throw new CallerError('FORBIDDEN', 'Only the person themselves may see this.');
    }
    return field(user, context);
  };
}

/** The public part of a person: for them, for operators, and for members (users who are linked to a provider). */
export function members<Result>(field: UserField<Result>): Resolver<Result> {
  return async (user, _args, context) => {
    if (!(await isOwnOrOperator(user, context.viewer)) && !(await isMember(context))) {
      throw new CallerError(
        'FORBIDDEN',
        'Only members may see other people: your own account is not linked to any provider.',
      );
    }
    return field(user, context);
  };
}

async function isOwnOrOperator(user: UserRef, viewer: Context['viewer']): Promise<boolean> {
  if (viewer.isOperator) return true;
  return (await viewer.requireId()) === user.id;
}

async function isMember({ viewer, links }: Context): Promise<boolean> {
  return links.isLinked(await viewer.requireId());
}
