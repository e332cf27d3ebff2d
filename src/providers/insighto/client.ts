import { z } from 'zod';
import type { Readings } from '../../http/answer.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { canonicalId } from '../../links/links.ts';
import { loadByKey, loadEach } from '../../loading/load-by-key.ts';
import { after } from '../../loading/soon.ts';
import { baseUrl, defineProvider, secret } from '../provider.ts';
import { sameId } from '../same-id.ts';
import { teamIndexOf } from './team.ts';
import {
  type InsightoBilling,
  type BillingPlan,
  type InsightoUser,
  noPlan,
  planAnswer,
  teamPageAnswer,
  userAnswer,
} from './wire.ts';

/** The most people that a page of the team has. */
const PAGE_SIZE = 100;
const PLAN_ID = /^[\w-]{1,64}$/;
const PLAN_OR_NONE: Readings<BillingPlan | null> = { ok: planAnswer, 404: noPlan };

/** Asks about the owner of a key. */
const ownerOf = (key: string) => ({
  path: `/api/v1/user?api_key=${encodeURIComponent(key)}`,
  headers: {},
  credential: key,
  on: { ok: userAnswer },
});

/**
 * Insighto. A key answers about its owner, so a person is asked about with the key stored in their link; a person
 * without one is looked for in the team's list, when the team's key is configured.
 */
export const insighto = defineProvider({
  settings: z.object({ baseUrl, apiKey: secret.optional() }),
  linkable: { externalId: /^[\w-]{1,64}$/, secret: 'optional' },
  accountOfKey: async (key, { upstream, scope }) => (await upstream.send(ownerOf(key), scope)).account.id,

  connect({ upstream, settings, scope, linkOf, keyFailed }) {
    const users = loadEach<InsightoUser>((userId) =>
      after(linkOf(userId), (link) => {
        if (!link) return null;
        const { secret, externalId } = link; // once: it is decrypted each time
        return secret ? own(secret, userId, externalId) : team.load(externalId);
      }),
    );

    async function own(key: string, userId: string, id: string) {
      const user = await upstream.send(ownerOf(key), scope).catch((error: unknown) => {
        keyFailed(userId, error);
        throw error;
      });
      return sameId(upstream, id, user.account.id, user);
    }

    const team = loadByKey<InsightoUser>({
      name: 'insighto.team',
      maxBatchSize: 1_000,
      keyOf: (user) => canonicalId(user.account.id),
      fetch: (ids) =>
        teamIndexOf(upstream).find(ids, {
          read: teamPage,
          unclear: () => upstream.unusable('data.items', 'a list of users'),
        }),
    });

    async function teamPage(number: number) {
      const key = teamKey();
      const query = new URLSearchParams({ page: String(number), size: String(PAGE_SIZE), api_key: key });
      const path = `/api/v1/user/get_agent_list/?${query}`;
      const call = { path, headers: {}, credential: key, on: { ok: teamPageAnswer } };
      const { values, pages } = await upstream.send(call, scope);
      const users = values.items.length + values.unreadable;
      const isLast = users === 0 || (typeof pages === 'number' ? number >= pages : users < PAGE_SIZE);
      return { values, next: isLast ? null : number + 1 };
    }

    const plans = loadEach((address) => {
      const { id, key } = JSON.parse(address) as { id: string; key: string };
      const path = `/api/v1/agency/billing/${id}?api_key=${encodeURIComponent(key)}`;
      return upstream.send({ path, headers: {}, credential: key, on: PLAN_OR_NONE }, scope);
    });

    const planAs = async (key: string, id: string) => plans.load(JSON.stringify({ id, key }));

    function teamKey(): string {
      if (!settings.apiKey) throw new UpstreamError(upstream.name, 'not-configured');
      return settings.apiKey;
    }

    return {
      /** The person's Insighto account, null when they have none. */
      accountOf: (userId: string) => after(users.load(userId), (user) => user && user.account),

      /** The person's billing state, null when they have no account. */
      billingOf: (userId: string) =>
        after(users.load(userId), (user): InsightoBilling | null => user && { ...user.billing, userId }),

      /** The plan that somebody's billing runs on, null when there is none. */
      async activePlanOf({ activePlanId: id, userId }: InsightoBilling) {
        if (id === null || id instanceof Error) return id;
        if (!PLAN_ID.test(id)) throw upstream.unusable('active_billing_plan_id', 'the id of a plan');
        const own = (await linkOf(userId))?.secret ?? null;
        const plan = await planAs(own ?? teamKey(), id).catch((error: unknown) => {
          // A good key may not be allowed to see plans (403): only 401 says that it is none.
          const isNone = error instanceof UpstreamError && error.status === 401;
          if (own !== null && isNone) keyFailed(userId, error);
          throw error;
        });
        return plan && sameId(upstream, id, plan.id, plan);
      },
    };
  },
});
