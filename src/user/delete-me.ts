import type { Context } from '../request/context.ts';
import type { DeleteMeResult } from '../generated/resolvers.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { LinksUnavailableError } from '../links/links.ts';

/**
 * Deletes the viewer's account: first at Bird, and only when Bird has accepted, what we keep of them. Links are removed
 * of nobody but whom Bird has named for this very purpose: a remembered owner of the token could be somebody else, and
 * while Bird names nobody, nothing is done. A link that could not be removed is reported and logged; the account is gone all the same, and DELETE is not repeated.
 * Nor is it when nobody knows what became of it: then the person may not be able to log in again, and only the log
 * knows them.
 */
export async function deleteMe({
  bird,
  viewer,
  forgetUser,
  log,
  operation: { requestId },
}: Context): Promise<DeleteMeResult> {
  const userId = await viewer.identifyAfresh();
  const finish = `npm run links -- remove --user ${userId}`;
  await bird.delete().catch((error: unknown) => {
    if (error instanceof UpstreamError && error.outcomeUnknown)
      log.error(
        { userId, requestId },
        `links kept after deleteMe: nobody knows whether Bird deletes the account; if it does, finish with: ${finish}`,
      );
    throw error;
  });
  const linksRemoved = await forgetUser(userId).then(
    () => true,
    (error: LinksUnavailableError) => {
      log.error(
        { userId, requestId, code: error.code },
        `links not removed after deleteMe; finish with: ${finish}`,
      );
      return false;
    },
  );
  return { __typename: 'DeleteMeAccepted', userId, linksRemoved };
}
