import { z } from 'zod';
import { CallerError } from '../../caller-error.ts';
import { nothing } from '../../http/decode.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { loadByKey, loadEach } from '../../loading/load-by-key.ts';
import { baseUrl, defineProvider, secret } from '../provider.ts';
import { sameId } from '../same-id.ts';
import {
  type BirdUser,
  organizationPageAnswer,
  type Rejection,
  rejectionAnswer,
  sessionsAnswer,
  userAnswer,
} from './wire.ts';

/** The most ids that the organization list takes, and the most users that it answers, at once. */
const MAX_USER_IDS = 100;

/** What can be changed of one's own profile; an absent key is left as it is. */
export type ProfileChange = Partial<Record<'name' | 'bio' | 'avatarUrl' | 'locale' | 'timezone', string>>;

/** Bird Accounts: profile and identity. `/me` answers about the token's owner, the organization list about anyone. */
export const bird = defineProvider({
  settings: z.object({
    baseUrl,
    organizationId: z
      .string()
      .regex(/^[\w-]+$/, { error: 'must be an id' })
      .optional(),
    accessKey: secret.optional(),
  }),
  isIdentity: true,

  connect({ upstream, settings, scope, viewer }) {
    const mine = loadEach<BirdUser>('bird.me', (token) =>
      upstream
        .send<BirdUser | NotLoggedIn>(
          { path: '/me', ...as(token), on: { ok: userAnswer, 401: notLoggedIn } },
          scope,
        )
        .then(loggedIn),
    );

    const others = loadByKey<BirdUser>({
      name: 'bird.users',
      maxBatchSize: MAX_USER_IDS,
      keyOf: (user) => user.id,
      async fetch(ids) {
        const wanted = new Set(ids);
        const found: BirdUser[] = [];
        let pageToken: string | null = null;
        // The list has room for every id that was asked for, so one page is the rule and as many as ids the bound.
        for (let pages = 0; pages < ids.length; pages++) {
          const page = await organizationPage(ids, pageToken);
          for (const user of page.users) if (wanted.delete(user.id)) found.push(user);
          pageToken = page.nextPageToken;
          if (wanted.size === 0 || pageToken === null) break;
        }
        return found;
      },
    });

    function organizationPage(ids: readonly string[], pageToken: string | null) {
      const { organizationId, accessKey } = settings;
      if (!organizationId || !accessKey) throw new UpstreamError(upstream.name, 'not-configured');
      const query = new URLSearchParams(ids.map((id): [string, string] => ['userIds', id]));
      query.set('limit', String(MAX_USER_IDS));
      if (pageToken !== null) query.set('pageToken', pageToken);
      const path = `/organizations/${organizationId}/users?${query}`;
      const headers = { authorization: `AccessKey ${accessKey}` };
      return upstream.send(
        { path, headers, credential: accessKey, on: { ok: organizationPageAnswer } },
        scope,
      );
    }

    function token(): string {
      if (viewer.token === null)
        throw new CallerError('UNAUTHENTICATED', 'Log in with Bird first: no login token was sent.');
      return viewer.token;
    }

    async function me(): Promise<BirdUser> {
      return (await mine.load(token())) as BirdUser;
    }

    return {
      /** The profile of the login token's owner. */
      me,

      /** Anybody's profile; null when the organization does not have them. */
      async profileOf(userId: string) {
        if (userId !== (await viewer.id())) return others.load(userId);
        const user = await me();
        return sameId(upstream.name, userId, user.id, user);
      },

      /** Where the login token's owner is logged in. Bird tells nobody else. */
      async sessionsOf(userId: string) {
        if (userId !== (await viewer.id())) {
          throw new CallerError('FORBIDDEN', 'Bird lists sessions only to the person themselves.');
        }
        const on = { ok: sessionsAnswer, 401: notLoggedIn };
        const answer = await upstream.send<Sessions | NotLoggedIn>(
          { path: '/me/sessions', ...as(token()), on },
          scope,
        );
        return loggedIn(answer);
      },

      /** Changes the owner's profile: the fresh user, or what Bird finds wrong with the change. Sent once. */
      async update(change: ProfileChange) {
        const on = { ok: userAnswer, 401: notLoggedIn, 422: rejectionAnswer };
        const answer = loggedIn(
          await upstream
            .send<BirdUser | Rejection | NotLoggedIn>(
              { method: 'PATCH', path: '/me', body: change, ...as(token()), on },
              scope,
            )
            .finally(() => upstream.forget(token())),
        );
        if ('id' in answer) mine.prime(token(), answer);
        return answer;
      },

      /** Asks Bird to delete the owner's account. Accepted is not done, and it is never repeated. */
      async delete() {
        const answer = await upstream
          .send<null | NotLoggedIn>(
            { method: 'DELETE', path: '/me', ...as(token()), on: { ok: nothing, 401: notLoggedIn } },
            scope,
          )
          .finally(() => upstream.forget(token()));
        loggedIn(answer);
      },
    };
  },
});

const NOT_LOGGED_IN = Symbol('not logged in');
type NotLoggedIn = typeof NOT_LOGGED_IN;
type Sessions = ReturnType<typeof sessionsAnswer>;

/** Bird's 401 on a login token is the caller's matter, not ours: they have to log in again. */
const notLoggedIn = (): NotLoggedIn => NOT_LOGGED_IN;

function loggedIn<T>(answer: T): Exclude<T, NotLoggedIn> {
  if (answer === NOT_LOGGED_IN)
    throw new CallerError(
      'UNAUTHENTICATED',
      'Log in with Bird again: the login token is not valid, or not any more.',
    );
  return answer as Exclude<T, NotLoggedIn>;
}

function as(token: string) {
  return { headers: { authorization: `Bearer ${token}` }, credential: token };
}
