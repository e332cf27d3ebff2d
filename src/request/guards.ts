import { CallerError } from './caller-error.ts';
import type { Context } from './context.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';
import type { UserRef } from './user-ref.ts';

/** A field of `User`, without the arguments that none of them has. */
type UserField<Result> = (user: UserRef, context: Context) => Soon<Result>;
type Resolver<Result> = (user: UserRef, args: object, context: Context) => Soon<Result>;

const NOT_YOURS = new CallerError('FORBIDDEN', 'Only the person themselves may see this.');
const NOT_A_MEMBER = new CallerError(
  'FORBIDDEN',
  'Only members may see other people: your own account is not linked to any provider.',
);

const NOT_BY_NUMBER = new CallerError(
  'FORBIDDEN',
  'Only members with an Ejento account of their own may find other people by their number there.',
);

/** For the person themselves, as Bird has named them within the last seconds, and for operators. */
export function ownOnly<Result>(field: UserField<Result>): Resolver<Result> {
  return (user, _args, context) =>
    after(isOwnOrOperator(user, context), (isOwn) => {
      if (!isOwn) throw NOT_YOURS;
      const confirmed = context.viewer.isOperator ? undefined : context.viewer.confirm();
      return confirmed instanceof Promise
        ? answeredOnce(confirmed, () => field(user, context))
        : field(user, context);
    });
}

/** Asks meanwhile, so that it costs no round trip, and tells nothing before. */
async function answeredOnce<Result>(confirmed: Promise<void>, field: () => Soon<Result>): Promise<Result> {
  const [confirmation, answer] = await Promise.allSettled([confirmed, (async () => field())()]);
  if (confirmation.status === 'rejected') throw confirmation.reason;
  if (answer.status === 'rejected') throw answer.reason;
  return answer.value;
}

/**
 * The public part of a person: for them, for operators, and for members (users who are linked to a provider). Of
 * somebody who is known by a number only, because the caller may not find out whose it is, nothing.
 */
export function members<Result>(field: UserField<Result>): Resolver<Result> {
  const isAllowed = (user: UserRef, context: Context) =>
    after(isOwnOrOperator(user, context), (isOwn) => isOwn || isMember(context));

  return (user, _args, context) =>
    user.keySent === undefined
      ? after(isAllowed(user, context), (isAllowed) => {
          if (isAllowed) return field(user, context);
          throw NOT_A_MEMBER;
        })
      : refuseToTell(context);
}

/**
 * Whether the caller may find others by Ejento's numbers, which anybody can count up: members who have one themselves.
 * Any other link makes a member too, but people can link those accounts themselves, and so let themselves in.
 */
export function mayFindByNumber(context: Context): Soon<boolean> {
  const { viewer, ejento } = context;
  if (viewer.isOperator || !viewer.hasToken) return viewer.isOperator;
  return recovering(
    () =>
      after(isMember(context), (isMember) =>
        isMember
          ? after(viewer.requireId(), (id) => after(ejento.userIdAt(id), (number) => number !== null))
          : false,
      ),
    (error) => {
      if (error instanceof CallerError) return false;
      throw error;
    },
  );
}

/** Throws what somebody is told who may not find others by number. */
export function refuseToTell({ viewer }: Context): Soon<never> {
  return after(viewer.requireId(), () => {
    throw NOT_BY_NUMBER;
  });
}

function isOwnOrOperator(user: UserRef, { viewer, operation }: Context): Soon<boolean> {
  if (!viewer.isOperator) return after(viewer.requireId(), (id) => id === user.id);
  operation.readByOperator(user.id);
  return true;
}

/** Somebody with links, unless Bird has shut them out. */
function isMember({ viewer, links }: Context): Soon<boolean> {
  return after(viewer.requireId(), (id) => !viewer.isBarred && links.isLinked(id));
}
