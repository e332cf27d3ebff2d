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

/** Whether the caller may see the public part of others. Whoever is not logged in may not. */
export function maySeeOthers(context: Context): Soon<boolean> {
  const { viewer } = context;
  if (viewer.isOperator || !viewer.hasToken) return viewer.isOperator;
  return recovering(
    () => isMember(context),
    (error) => {
      if (error instanceof CallerError) return false;
      throw error;
    },
  );
}

/** Throws what somebody is told who may not see others. */
export function refuseToTell({ viewer }: Context): Soon<never> {
  return after(viewer.requireId(), () => {
    throw NOT_A_MEMBER;
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
