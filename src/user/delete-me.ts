import { CallerError } from '../request/caller-error.ts';
import type { Context } from '../request/context.ts';
import type { DeleteMeResult } from '../generated/resolvers.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { LinksUnavailableError } from '../links/links.ts';

/** For whoever asks again after a lost answer, with a token that Bird takes no more. */
const MOST_LIKELY_DELETED = new CallerError(
  'UNAUTHENTICATED',
  'Bird does not take this login token any more, so the deletion that was asked for before was most likely made; for ' +
    'certain it is not known. If you can log in again, it was not: ask again then. If you cannot, it was, and the ' +
    'operators of this service, who have been told, remove the links to your other accounts.',
);

/**
 * Deletes the viewer's account: first at Bird, and only when Bird has accepted, what we keep of them. Links are removed
 * of nobody but whom Bird has named for this very purpose: a remembered owner of the token could be somebody else, and
 * while Bird names nobody, nothing is done. A link that could not be removed is reported and logged; the account is
 * gone all the same, and DELETE is not repeated.
 * Nor is it when nobody knows what became of it: then the person may not be able to log in again, and only the log
 * knows them. If Bird still names them when they ask again, it says whether they are deleted; if it takes their token no
 * more, that may have other reasons, and nothing is removed.
 */
export async function deleteMe(context: Context): Promise<DeleteMeResult> {
  const { bird, viewer, forgetUser, log, operation } = context;
  const { requestId } = operation;
  const { id: userId, status } = await viewer.identifyAfresh().catch(saidOf(context));
  if (status !== 'DELETED')
    await bird.delete().catch((error: unknown) => {
      if (error instanceof UpstreamError && error.outcomeUnknown) {
        viewer.doubtDeletion(userId);
        log.error(
          { userId, requestId },
          `links kept after deleteMe: nobody knows whether Bird deletes the account; if it does, ${finish(userId)}`,
        );
      }
      return saidOf(context)(error);
    });
  const linksRemoved = await forgetUser(userId).then(
    () => true,
    (error: LinksUnavailableError) => {
      log.error(
        { userId, requestId, code: error.code },
        `links not removed after deleteMe; ${finish(userId)}`,
      );
      return false;
    },
  );
  return { __typename: 'DeleteMeAccepted', userId, linksRemoved };
}

/** Throws what somebody is told of a failure, who may have asked before. */
function saidOf({ viewer, log, operation: { requestId } }: Context): (error: unknown) => never {
  return (error) => {
    const userId = viewer.deletionInDoubt;
    if (!(error instanceof CallerError) || userId === undefined) throw error;
    log.error(
      { userId, requestId },
      'links kept after deleteMe: asked again, Bird does not take the token any more, so most likely the account is ' +
        `deleted; if it is, ${finish(userId)}`,
    );
    throw MOST_LIKELY_DELETED;
  };
}

const finish = (userId: string) => `finish with: npm run links -- remove --user ${userId}`;
