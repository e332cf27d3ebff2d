import { CallerError } from '../caller-error.ts';
import type { Context } from '../context.ts';
import type { UserRef } from './user-ref.ts';

const USER_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** The `User` that a reference means: the viewer, or somebody who is linked; anybody else is null. */
export async function userByReference(
  reference: Record<string, unknown>,
  context: Context,
): Promise<UserRef | null> {
  const { id } = reference;
  if (typeof id !== 'string' || !USER_ID.test(id)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'A user id is a UUID in lower case, such as 00000000-0000-4000-8000-000000000ada.',
    );
  }
  const isKnown = (await context.links.isLinked(id)) || (await isViewer(id, context));
  return isKnown ? { id } : null;
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
