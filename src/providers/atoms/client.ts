import { z } from 'zod';
import type { Readings } from '../../http/answer.ts';
import type { Decode } from '../../http/decode.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import type { Link } from '../../links/links.ts';
import { loadEach } from '../../loading/load-by-key.ts';
import { after } from '../../loading/soon.ts';
import { baseUrl, defineProvider } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { type AtomsUser, subscriptionAnswer, userAnswer } from './wire.ts';

/** A GET as the owner of a key. */
const asOwner = <T>(path: string, key: string, on: Readings<T>) => ({
  path,
  headers: { authorization: `Bearer ${key}` },
  credential: key,
  on,
});

/**
 * A limit of the plan is a 400 there, with words that are not for us to read (the vendor's error reference). Made once:
 * an object literal with a key such as 400 takes 3 kB each time it is made.
 */
const orLimited = <T>(ok: Decode<T>): Readings<T> => ({ ok, 400: { fails: 'credentials-rejected' } });
const USER = orLimited(userAnswer);
const SUBSCRIPTION = orLimited(subscriptionAnswer);

/** Atoms (smallest.ai). A key answers about its owner only: everybody is asked about with the key of their link. */
export const atoms = defineProvider({
  settings: z.object({ baseUrl }),
  linkable: { externalId: /^[\w-]{1,64}$/, secret: 'required' },
  accountOfKey: async (key, { upstream, scope }) =>
    (await upstream.send(asOwner('/user', key, USER), scope)).id,

  connect({ upstream, scope, linkOf, keyFailed }) {
    const accounts = loadEach<AtomsUser>((userId) =>
      after(
        linkOf(userId),
        (link) =>
          link &&
          after(get('/user', link, USER), (account) => ({
            ...sameId(upstream, link.externalId, account.id, account),
            userId,
          })),
      ),
    );

    const subscriptions = loadEach((userId) =>
      after(linkOf(userId), (link) => link && get('/user/subscription', link, SUBSCRIPTION)),
    );

    /** GETs as the owner of a link. */
    function get<T>(path: string, { secret: key, userId }: Link, on: Readings<T>): Promise<T> {
      if (key === null) throw new UpstreamError(upstream.name, 'not-configured');
      return upstream.send(asOwner(path, key, on), scope).catch((error: unknown) => {
        keyFailed(userId, error);
        throw error;
      });
    }

    return {
      /** The person's voice account, null when they have none. */
      accountOf: (userId: string) => accounts.load(userId),

      /**
       * The subscription of the organization that the person's key belongs to, which may be another than the account's:
       * a person can be in several, and the key decides (the vendor's page on API keys). That the key is the person's own
       * is known from the account.
       */
      subscriptionOf: ({ userId }: AtomsUser) => subscriptions.load(userId),
    };
  },
});
