import type { BillingResolvers, UserResolvers } from '../../generated/resolvers.ts';
import { ownOnly } from '../../request/guards.ts';

export const User = {
  billing: ownOnly(({ id }, { insighto }) => insighto.billingOf(id)),
  insightoAccount: ownOnly(({ id }, { insighto }) => insighto.accountOf(id)),
} satisfies UserResolvers;

export const Billing = {
  activePlan: (billing, _, { insighto }) => insighto.activePlanOf(billing),
} satisfies BillingResolvers;
