import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { CallerError } from '../../request/caller-error.ts';
import type { Readings } from '../../http/answer.ts';
import type { UpstreamCall } from '../../http/call.ts';
import { type FailureDetails, UpstreamError } from '../../http/upstream-error.ts';
import { findInPages } from '../../loading/find-in-pages.ts';
import { loadByKey, loadEach } from '../../loading/load-by-key.ts';
import { after, type Soon } from '../../loading/soon.ts';
import { baseUrl, defineProvider, secret } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { MAX_PAGES, MAX_USER_IDS, organizationPage } from './organization.ts';
import { type BirdUser, type Rejection, rejectionAnswer, sessionsAnswer, userAnswer } from './wire.ts';

/** What can be changed of one's own profile; an absent key is left as it is. */
export type ProfileChange = Partial<Record<'name' | 'bio' | 'avatarUrl' | 'locale' | 'timezone', string>>;

const NOT_LOGGED_IN = Symbol('not logged in');
type OrNotLoggedIn<T> = T | typeof NOT_LOGGED_IN;

const LOG_IN_AGAIN = new CallerError(
  'UNAUTHENTICATED',
  'Log in again: Bird does not take this login token, or not any more.',
);

/** Made once: an object literal with a key such as 401 takes 3 kB each time it is made. */
const andNotLoggedIn = <T>(on: Readings<T>): Readings<OrNotLoggedIn<T>> => ({
  ...on,
  401: { means: NOT_LOGGED_IN },
});
const PROFILE = andNotLoggedIn({ ok: userAnswer });
const SESSIONS = andNotLoggedIn({ ok: sessionsAnswer });
const CHANGED = andNotLoggedIn<BirdUser | Rejection>({ ok: userAnswer, 422: rejectionAnswer });
const DELETED = andNotLoggedIn({ ok: { means: null } });

/** Told beside whatever else is wrong with the settings. */
const always = () => true;

/** Bird Accounts: profile and identity. `/me` answers about the token's owner, the organization list about anyone. */
export const bird = defineProvider({
  settings: z
    .object({
      baseUrl,
      organizationId: z
        .string()
        .regex(/^[\w-]+$/, { error: 'must be an id' })
        .optional(),
      accessKey: secret.optional(),
    })
    .refine((bird) => !bird.organizationId || bird.accessKey, {
      path: ['accessKey'],
      error: 'is missing: it goes with BIRD_ORGANIZATION_ID',
      when: always,
    })
    .refine((bird) => !bird.accessKey || bird.organizationId, {
      path: ['organizationId'],
      error: 'is missing: it goes with BIRD_ACCESS_KEY',
      when: always,
    }),
  isIdentity: true,

  connect({ upstream, settings, scope, viewer }) {
    const profiles = loadEach((token) => sendAs(token, { path: '/me', on: PROFILE }));
    const me = () => profiles.load(token()) as Soon<BirdUser>;
    const own = loadEach((userId) =>
      after(me(), (user) => {
        viewer.remember(ofOwner(userId, user.id, user));
        return user;
      }),
    );
    const sessions = loadEach((token) => sendAs(token, { path: '/me/sessions', on: SESSIONS }));
    const others = loadByKey<BirdUser>({
      name: 'bird.users',
      maxBatchSize: MAX_USER_IDS,
      keyOf: (user) => user.id,
      // One person's profile can be longer than all that is read of an answer.
      isOfMany: (error) => error instanceof UpstreamError && error.isTooLarge,
      fetch: (ids) =>
        findInPages(ids, {
          first: '',
          page: (token) => organizationPage(ids, token, { upstream, settings, scope }),
          mostPages: MAX_PAGES,
          keyOf: (user) => user.id,
          unclear: () => upstream.unusable('results', 'a list of users'),
        }),
    });

    /** Bird's 401 on a login token is the caller's matter, not ours: they have to log in again. */
    function sendAs<T>(token: string, call: Omit<UpstreamCall<OrNotLoggedIn<T>>, 'headers' | 'credential'>) {
      if (viewer.isRefused) return Promise.reject(LOG_IN_AGAIN);
      const headers = { authorization: `Bearer ${token}` };
      return upstream.send({ ...call, headers, credential: token }, scope).then((answer): T => {
        if (answer !== NOT_LOGGED_IN) return answer;
        viewer.refuse();
        throw LOG_IN_AGAIN;
      });
    }

    /** What Bird says about the token's owner. If it names somebody else, it is not known any more whose token it is. */
    function ofOwner<T>(userId: string, named: string, answer: T, details?: FailureDetails): T {
      if (named !== userId) viewer.forget();
      return sameId(upstream, userId, named, answer, details);
    }

    function token(): string {
      if (viewer.token !== null) return viewer.token;
      throw new CallerError('UNAUTHENTICATED', 'Log in with Bird first: no login token was sent.');
    }

    return {
      /** The profile of the login token's owner. */
      me,

      /** The same, provided that it is this person's. */
      meAs: (userId: string) => own.load(userId) as Soon<BirdUser>,

      /** The same by a call of its own: it joins none that began before. */
      async meNow() {
        upstream.forget(token());
        const user = await sendAs(token(), { path: '/me', on: PROFILE });
        profiles.prime(token(), user);
        // A connection that Bird has closed with its answer is known to be closed before a write goes out on it.
        await nextTurn();
        return user;
      },

      /** What it means that the token's owner is not who it was: nobody knows whose it is. */
      contradicted: () => upstream.unusable('id', 'the one that was named before', { retryable: true }),

      /** Anybody's profile; null when the organization does not have them. */
      profileOf(userId: string) {
        return after(viewer.id(), (viewerId) =>
          userId === viewerId ? own.load(userId) : others.load(userId),
        );
      },

      /** Where the login token's owner is logged in. Bird tells nobody else. */
      async sessionsOf(userId: string) {
        if (userId !== (await viewer.id()))
          throw new CallerError('FORBIDDEN', 'Bird lists sessions only to the person themselves.');
        const found = await sessions.load(token());
        for (const session of found ?? []) ofOwner(userId, session.userId ?? userId, session);
        return found;
      },

      /** Changes the owner's profile: the fresh user, or what Bird finds wrong with the change. Sent once. */
      async update(change: ProfileChange) {
        const answer = await sendAs<BirdUser | Rejection>(token(), {
          method: 'PATCH',
          path: '/me',
          body: change,
          on: CHANGED,
        }).finally(() => upstream.forget(token()));
        if ('rejected' in answer) return answer;
        ofOwner(viewer.rememberedId() ?? answer.id, answer.id, answer, { outcomeUnknown: true });
        viewer.remember(answer);
        profiles.prime(token(), answer);
        return answer;
      },

      /** Asks Bird to delete the owner's account. Accepted is not done, and it is never repeated. */
      async delete() {
        await sendAs(token(), { method: 'DELETE', path: '/me', on: DELETED }).finally(() =>
          upstream.forget(token()),
        );
      },
    };
  },
});
