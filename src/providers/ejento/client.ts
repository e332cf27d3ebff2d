import type { Readings } from '../../http/answer.ts';
import { loadEach } from '../../loading/load-by-key.ts';
import { after } from '../../loading/soon.ts';
import { baseUrl, defineProvider, secret } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { z } from 'zod';
import { type EjentoUser, nobody, userAnswer } from './wire.ts';

/** Readings by status are made once: an object literal with a key such as 404 takes 3 kB each time it is made. */
const USER_OR_NONE: Readings<EjentoUser | null> = { ok: userAnswer, 404: nobody };

/** An Ejento user id: checked before it goes into a path. */
export const EJENTO_USER_ID = /^[1-9]\d{0,18}$/;

/** The vendor's own template stores the token together with its `Bearer ` prefix: both forms are taken. */
const accessToken = z
  .string()
  .regex(/^(Bearer )?(?!Bearer$)[\x21-\x7e]+$/i, {
    error: 'must be the token alone or Bearer and the token, in printable characters',
  })
  .meta({ secret: true });

/** Ejento V2 Legacy. Any user can be asked about by id, with the service's own two credentials. */
export const ejento = defineProvider({
  settings: z.object({ baseUrl, subscriptionKey: secret, accessToken }),
  linkable: { externalId: EJENTO_USER_ID, secret: 'none' },

  connect({ upstream, settings, scope, linkOf, userOf }) {
    const bearer = `Bearer ${settings.accessToken.replace(/^Bearer /i, '')}`;
    const headers = { 'ocp-apim-subscription-key': settings.subscriptionKey, authorization: bearer };

    const users = loadEach((id) => {
      const call = { path: `/v2/api/user/${id}`, headers, credential: bearer, on: USER_OR_NONE };
      return after(upstream.send(call, scope), (user) => user && sameId(upstream, id, user.account.id, user));
    });

    return {
      /** The person's id at Ejento, null when they have none. Known without asking Ejento. */
      userIdAt: (userId: string) => after(linkOf(userId), (link) => link?.externalId ?? null),

      /** Whose Ejento user it is, null when it is nobody's. Known without asking Ejento. */
      ownerOf: (ejentoUserId: string) => userOf(ejentoUserId),

      /** The person's Ejento user, null when they have none. */
      userOf: (userId: string) => after(linkOf(userId), (link) => link && users.load(link.externalId)),
    };
  },
});
