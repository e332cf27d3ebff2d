import { CallerError } from '../caller-error.ts';
import type { Context } from '../context.ts';
import type { UserRef } from './user-ref.ts';

const USER_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const EJENTO_USER_ID = /^[1-9]\d{0,18}$/;

/** The `User` that a representation means, by whichever of its two keys: null when it is nobody that is known here. */
export function userByKey(
  representation: Record<string, unknown>,
  context: Context,
): Promise<UserRef | null> {
  return representation['id'] === undefined && representation['ejentoUserId'] !== undefined
    ? userByEjentoUserId(representation['ejentoUserId'], context)
    : userById(representation['id'], context);
}

/** The viewer, or somebody who is linked; anybody else is null. */
export async function userById(id: unknown, context: Context): Promise<UserRef | null> {
  if (typeof id !== 'string' || !USER_ID.test(id)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'A user id is a UUID in lower case, such as 00000000-0000-4000-8000-000000000ada.',
    );
  }
  const isKnown = (await context.links.isLinked(id)) || (await isViewer(id, context));
  return isKnown ? { id } : null;
}

async function userByEjentoUserId(ejentoUserId: unknown, { ejento }: Context): Promise<UserRef | null> {
  if (typeof ejentoUserId !== 'string' || !EJENTO_USER_ID.test(ejentoUserId)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'An Ejento user id is a positive integer as text, such as "147".',
    );
  }
  const id = await ejento.ownerOf(ejentoUserId);
  return id === null ? null : { id };
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
