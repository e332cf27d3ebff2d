import { type Decode, DecodeError, Fields, fields, type Read, readableOf } from '../../http/decode.ts';

/** Stripe's own subscription states (Stripe API reference, `Subscription.status`). */
const SUBSCRIPTION_STATUS = {
  incomplete: 'INCOMPLETE',
  incomplete_expired: 'INCOMPLETE_EXPIRED',
  trialing: 'TRIALING',
  active: 'ACTIVE',
  past_due: 'PAST_DUE',
  canceled: 'CANCELED',
  unpaid: 'UNPAID',
  paused: 'PAUSED',
} as const;

const user = fields((from) => ({
  account: {
    id: from.id('id'),
    email: from.text('email'),
    firstName: from.text('first_name'),
    lastName: from.text('last_name'),
    isActive: from.boolean('is_active'),
    isSuperuser: from.boolean('is_superuser'),
    isEnterprise: from.boolean('is_enterprise'),
    roleId: from.reference('role_id'),
    birthdate: from.time('birthdate'),
    phone: from.text('phone'),
    state: from.text('state'),
    country: from.text('country'),
    address: from.text('address'),
    followerCount: from.integer('follower_count'),
    followingCount: from.integer('following_count'),
  },
  billing: {
    stripeCustomerId: from.reference('stripe_customer_id'),
    stripeSubscriptionId: from.reference('stripe_subscription_id'),
    subscriptionStatus: from.oneOf('stripe_subscription_status', SUBSCRIPTION_STATUS),
    stripeStatus: from.text('stripe_subscription_status'),
    hasPaymentMethod: from.boolean('stripe_has_payment_method'),
    isTrial: from.boolean('is_trial'),
    usedTrial: from.boolean('used_trial'),
    isPaying: from.boolean('is_paying'),
    lastPaymentAt: from.time('stripe_last_payment_date'),
    updatedAt: from.time('billing_updated_at'),
    lastCreditsRefreshAt: from.time('last_credits_refresh'),
    nextCreditsRefreshAt: from.time('next_credits_refresh'),
    activePlanId: from.reference('active_billing_plan_id'),
    nextPlanId: from.reference('next_billing_plan_id'),
  },
}));

/**
 * Credits by kind: an object in the vendor's reference ("Get agency billing plan"), which does not say what is in it.
 */
const creditsByKind: Decode<{ kind: string; amount: Read<number> }[]> = (json, report) => {
  const amounts = new Fields(json, report);
  return Object.keys(json as object).map((kind) => ({
    kind: kind.toWellFormed(),
    amount: amounts.number(kind),
  }));
};

/** The vendor's reference, "Get agency billing plan" and "Create agency billing plan". */
const plan = fields((from) => ({
  id: from.id('id'),
  name: from.text('name'),
  description: from.text('description'),
  botsCount: from.integer('bots_count'),
  queriesCount: from.integer('queries_count'),
  wordsCount: from.integer('words_count'),
  voiceSeconds: from.integer('voice_seconds'),
  hasPremiumSupport: from.boolean('premium_support'),
  isDefault: from.boolean('default_plan'),
  userCount: from.integer('user_count'),
  canRemoveBranding: from.boolean('remove_branding'),
  hasAdvancedIntents: from.boolean('advanced_intents'),
  hasAutoIntents: from.boolean('auto_intents'),
  group: from.text('billing_plan_group'),
  lookupKey: from.text('plan_lookup_key'),
  credits: from.isObject('credits') ? null : from.number('credits'),
  creditsByKind: from.isObject('credits') ? from.optional('credits', creditsByKind) : null,
}));

const page = fields((from) => ({
  values: from.required('items', readableOf(user)),
  pages: from.integer('pages'),
}));

/** An Insighto user: the account and its billing state. */
export type InsightoUser = ReturnType<typeof user>;
export type InsightoAccount = InsightoUser['account'];
/** The Stripe billing state as Insighto keeps it; the plan behind `activePlanId` is another call, made as this user. */
export type InsightoBilling = InsightoUser['billing'] & { userId: string };
/** A plan that can be subscribed to. */
export type BillingPlan = ReturnType<typeof plan>;
/** How much a plan has of one kind of credit. */
export type PlanCredits = ReturnType<typeof creditsByKind>[number];

const inData = <T>(decode: Decode<T>) => fields((from) => from.required('data', decode));

/** `GET /api/v1/user`: `{message, meta, data}`. */
export const userAnswer = inData(user);
/** `GET /api/v1/user/get_agent_list/`: one page of the team. The slash is in the vendor's own example. */
export const teamPageAnswer = inData(page);
/** `GET /api/v1/agency/billing/{id}`. */
export const planAnswer = inData(plan);

/**
 * The 404 of an endpoint that is there: FastAPI answers `{detail}` in the application's words. `Not Found` are its own,
 * for a path that it does not know, and whatever stands in front has other forms: they say nothing of a plan.
 */
export const noPlan: Decode<null> = fields((from) => {
  const detail = from.text('detail');
  if (typeof detail !== 'string' || detail === 'Not Found')
    throw new DecodeError('detail', 'about the plan, as in a 404 of Insighto itself');
  return null;
});
