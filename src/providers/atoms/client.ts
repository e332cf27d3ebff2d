import { z } from 'zod';
import { UpstreamError } from '../../http/upstream-error.ts';
import { loadEach } from '../../loading/load-by-key.ts';
import { baseUrl, defineProvider } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { type AtomsUser, subscriptionAnswer, userAnswer } from './wire.ts';

/** Atoms (smallest.ai). A key answers about its owner only: everybody is asked about with the key of their link. */
export const atoms = defineProvider({
  settings: z.object({ baseUrl }),
  linkable: { externalId: /^[\w-]{1,64}$/, secret: 'required' },

  connect({ upstream, scope, linkOf }) {
    const accounts = loadEach('atoms.users', async (userId): Promise<AtomsUser | null> => {
      const link = await linkOf(userId);
      if (!link) return null;
      const account = await upstream.send(
        { path: '/user', ...as(link.secret), on: { ok: userAnswer } },
        scope,
      );
      return { ...sameId(upstream.name, link.externalId, account.id, account), userId };
    });

    const subscriptions = loadEach('atoms.subscriptions', async (userId) => {
      const link = await linkOf(userId);
      return (
        link &&
        upstream.send(
          { path: '/user/subscription', ...as(link.secret), on: { ok: subscriptionAnswer } },
          scope,
        )
      );
    });

    function as(key: string | null) {
      if (key === null) throw new UpstreamError(upstream.name, 'not-configured');
      return { headers: { authorization: `Bearer ${key}` }, credential: key };
    }

    return {
      /** The person's voice account, null when they have none. */
      accountOf: (userId: string) => accounts.load(userId),

      /** The subscription of the account's organization. */
      async subscriptionOf({ userId, organizationId }: AtomsUser) {
        const subscription = await subscriptions.load(userId);
        const answered = subscription?.organizationId ?? organizationId;
        return organizationId === null || answered === null
          ? subscription
          : sameId(upstream.name, organizationId, answered, subscription);
      },
    };
  },
});
