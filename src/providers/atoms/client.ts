import { z } from 'zod';
import type { Decode } from '../../http/decode.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { Link } from '../../links/links.ts';
import { loadEach } from '../../loading/load-by-key.ts';
import { after } from '../../loading/soon.ts';
import { baseUrl, defineProvider } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { type AtomsUser, subscriptionAnswer, userAnswer } from './wire.ts';

/** A GET as the owner of a key. */
const asOwner = <T>(path: string, key: string, ok: Decode<T>) => ({
  path,
  headers: { authorization: `Bearer ${key}` },
  credential: key,
  on: { ok },
});

/** Atoms (smallest.ai). A key answers about its owner only: everybody is asked about with the key of their link. */
export const atoms = defineProvider({
  settings: z.object({ baseUrl }),
  linkable: { externalId: /^[\w-]{1,64}$/, secret: 'required' },
  accountOfKey: async (key, { upstream, scope }) =>
    (await upstream.send(asOwner('/user', key, userAnswer), scope)).id,

  connect({ upstream, scope, linkOf }) {
    const accounts = loadEach<AtomsUser>((userId) =>
      after(
        linkOf(userId),
        (link) =>
          link &&
          after(get('/user', link, userAnswer), (account) => ({
            ...sameId(upstream, link.externalId, account.id, account),
            userId,
          })),
      ),
    );

    const subscriptions = loadEach((userId) =>
      after(linkOf(userId), (link) => link && get('/user/subscription', link, subscriptionAnswer)),
    );

    /** GETs as the owner of a link. */
    function get<T>(path: string, { secret: key }: Link, ok: Decode<T>): Promise<T> {
      if (key === null) throw new UpstreamError(upstream.name, 'not-configured');
      return upstream.send(asOwner(path, key, ok), scope);
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
          : sameId(upstream, organizationId, answered, subscription);
      },
    };
  },
});
