import type { Context } from '../context.ts';
import type { DeleteMeResult } from '../generated/resolvers.ts';
import type { LinksUnavailableError } from '../links/links.ts';

/**
 * Deletes the viewer's account: first at Bird, and only when Bird has accepted, what we keep of them. A link that
 * could not be removed is reported and logged; the account is gone all the same, and DELETE is not repeated.
 */
export async function deleteMe({
  bird,
  viewer,
  forgetUser,
  log,
  operation,
}: Context): Promise<DeleteMeResult> {
  const userId = await viewer.requireId();
  await bird.delete();
  const linksRemoved = await forgetUser(userId).then(
    () => true,
    (error: LinksUnavailableError) => {
      const { requestId } = operation;
      log.error(
        { userId, requestId, code: error.code },
        `links not removed after deleteMe; finish with: npm run links -- remove --user ${userId}`,
      );
      return false;
    },
  );
  return { __typename: 'DeleteMeAccepted', userId, linksRemoved };
}
