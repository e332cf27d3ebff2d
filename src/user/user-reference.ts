import { CallerError } from '../request/caller-error.ts';
import type { Context } from '../request/context.ts';
import { maySeeOthers } from '../request/guards.ts';
import { USER_ID } from '../links/links.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';
import { EJENTO_USER_ID } from '../providers/ejento/client.ts';
import type { UserRef } from '../request/user-ref.ts';

/**
 * The `User` that a representation means, by whichever of its two keys: null when it is nobody that is known here. A
 * key that is null is none: gateways pass on what another subgraph knows of a person, and it may know none.
 */
export function userByKey(
  { id, ejentoUserId }: Readonly<Record<string, unknown>>,
  context: Context,
): Soon<UserRef | null> {
  if ((id ?? null) !== null) return userById(id, context);
  if ((ejentoUserId ?? null) !== null) return userByEjentoUserId(ejentoUserId, context);
  return id === undefined && ejentoUserId === undefined ? userById(id, context) : null;
}

/** Whether it can be anybody's user id. */
export function isUserId(id: unknown): id is string {
  return typeof id === 'string' && USER_ID.test(id);
}

/** The viewer, or somebody who is linked; anybody else is null. */
export function userById(id: unknown, context: Context): Soon<UserRef | null> {
  if (!isUserId(id)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'A user id is a UUID in lower case, such as 00000000-0000-4000-8000-000000000ada.',
    );
  }
  const isLinked = recovering(
    () => context.links.isLinked(id),
    // Who asks about themselves is known without a link, and so without the links; but not once the time is over.
    async (error) => {
      if (context.operation.lifetime.ended === undefined && (await isViewer(id, context))) return true;
      throw error;
    },
  );
  return after(isLinked, (isLinked) =>
    after(isLinked || isViewer(id, context), (isKnown) => (isKnown ? { id } : null)),
  );
}

/** Ejento's ids are numbers that anybody can count up: whoever may not see others learns nothing by it. */
function userByEjentoUserId(ejentoUserId: unknown, context: Context): Soon<UserRef | null> {
  if (typeof ejentoUserId !== 'string' || !EJENTO_USER_ID.test(ejentoUserId)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'An Ejento user id is a positive integer as text, such as "147".',
    );
  }
  return after(maySeeOthers(context), (maySee) =>
    maySee
      ? after(context.ejento.ownerOf(ejentoUserId), (id) => (id === null ? null : found(id, context)))
      : { id: '', keySent: ejentoUserId },
  );
}

/** Whose number it is, is something read of them. */
function found(id: string, { viewer, operation }: Context): UserRef {
  if (viewer.isOperator) operation.readByOperator(id);
  return { id };
}

async function isViewer(id: string, { viewer }: Context): Promise<boolean> {
  try {
    return (await viewer.id()) === id;
  } catch (error) {
    // Whoever cannot log in is not this user; a provider in trouble is another matter, and is reported.
    if (error instanceof CallerError) return false;
    throw error;
  }
}
