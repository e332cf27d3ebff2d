import { nothing } from '../../http/decode.ts';
import { loadEach } from '../../loading/load-by-key.ts';
import { baseUrl, defineProvider, secret } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { z } from 'zod';
import { type EjentoUser, userAnswer } from './wire.ts';

/** Ejento V2 Legacy. Any user can be asked about by id, with the service's own two credentials. */
export const ejento = defineProvider({
  settings: z.object({ baseUrl, subscriptionKey: secret, accessToken: secret }),
  linkable: { externalId: /^[1-9]\d{0,18}$/, secret: 'none' },

  connect({ upstream, settings, scope, linkOf, userOf }) {
    // The vendor's own template stores the token together with its `Bearer ` prefix: both forms are taken.
    const bearer = `Bearer ${settings.accessToken.replace(/^Bearer /, '')}`;
    const headers = { 'ocp-apim-subscription-key': settings.subscriptionKey, authorization: bearer };

    const users = loadEach('ejento.users', async (id) => {
      const path = `/v2/api/user/${id}`;
      const user = await upstream.send<EjentoUser | null>(
        { path, headers, credential: bearer, on: { ok: userAnswer, 404: nothing } },
        scope,
      );
      return user && sameId(upstream.name, id, user.account.id, user);
    });

    return {
      /** The person's id at Ejento, null when they have none. Known without asking Ejento. */
      async userIdAt(userId: string) {
        return (await linkOf(userId))?.externalId ?? null;
      },

      /** Whose Ejento user it is, null when it is nobody's. Known without asking Ejento. */
      ownerOf: (ejentoUserId: string) => userOf(ejentoUserId),

      /** The person's Ejento user, null when they have none. */
      async userOf(userId: string) {
        const link = await linkOf(userId);
        return link && users.load(link.externalId);
      },
    };
  },
});
