import { CallerError } from '../caller-error.ts';
import type { Context } from '../context.ts';
import type { UserRef } from './user-ref.ts';
import { userByKey } from './user-reference.ts';

/**
 * `Query._entities`, our own instead of the library's: one bad representation costs its own element, the order is
 * kept, and nothing of a representation but its key is read (the library's would echo what was sent along).
 */
export async function entities(
  _parent: unknown,
  { representations }: { representations: readonly unknown[] },
  context: Context,
): Promise<(UserRef | Error | null)[]> {
  return Promise.all(
    representations.map((representation) => entity(representation, context).catch((error: Error) => error)),
  );
}

async function entity(
  representation: unknown,
  context: Context,
): Promise<(UserRef & { __typename: 'User' }) | null> {
  const reference = Object(representation) as Record<string, unknown>;
  if (reference['__typename'] !== 'User') {
    throw new CallerError(
      'BAD_USER_INPUT',
      'This subgraph resolves representations with the __typename User only.',
    );
  }
  const user = await userByKey(reference, context);
  return user && { __typename: 'User', ...user };
}
