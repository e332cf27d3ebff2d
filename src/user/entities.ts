import { CallerError } from '../request/caller-error.ts';
import type { Context } from '../request/context.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';
import { accountNeeded, type Selection } from './account-needed.ts';
import type { UserRef } from '../request/user-ref.ts';
import { isUserId, userByKey } from './user-reference.ts';

/**
 * `Query._entities`, our own instead of the library's: one bad representation costs its own element, the order is
 * kept, and nothing of a representation but its key is read (the library's would echo what was sent along).
 */
export function entities(
  _parent: unknown,
  { representations }: { representations: readonly unknown[] },
  context: Context,
  info: Selection,
): Soon<Soon<Entity | Error | null>[]> {
  const references = representations.map((representation) => Object(representation) as Reference);
  const userIds = references.map(({ id }) => id).filter(isUserId);
  return after(context.links.lookUp(userIds, accountNeeded(info)), () =>
    references.map((reference) =>
      recovering(
        () => entity(reference, context),
        (error) => error as Error,
      ),
    ),
  );
}

type Reference = Readonly<Record<string, unknown>>;
type Entity = UserRef & { __typename: 'User' };

function entity(reference: Reference, context: Context): Soon<Entity | null> {
  if (reference['__typename'] !== 'User') {
    throw new CallerError(
      'BAD_USER_INPUT',
      'This subgraph resolves representations with the __typename User only.',
    );
  }
  return after(
    userByKey(reference, context),
    (user) => user && { __typename: 'User', id: user.id, keySent: user.keySent },
  );
}
