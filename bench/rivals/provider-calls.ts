import { openGetJson } from './get-json.ts';
import { ejentoHeaders, origins } from './settings.ts';

const bird = openGetJson(origins.bird);
const ejento = openGetJson(origins.ejento);
const insighto = openGetJson(origins.insighto);
const atoms = openGetJson(origins.atoms);

/** The four calls with their fields picked out by hand: what the fastest rivals are made of. */
export async function profileOf(authorization: string) {
  const profile = await bird('/me', { authorization });
  return {
    id: profile.id as string,
    name: profile.name ?? null,
    email: profile.defaultEmail ?? null,
    avatarUrl: profile.avatarUrl ?? null,
    timezone: profile.timezone ?? null,
    activeSessions: profile.activeSessions ?? null,
    createdAt: profile.createdAt ?? null,
  };
}

export async function organizationOf(id: string | undefined) {
  if (id === undefined) return null;
  const { success, data } = await ejento(`/v2/api/user/${id}`, ejentoHeaders);
  if (success === false || String(data.id) !== id) return null;
  const { organization } = data;
  return (
    organization && {
      id: String(organization.id),
      name: organization.org_name ?? null,
      domain: organization.domain ?? null,
      createdAt: organization.created_on ?? null,
    }
  );
}

export async function billingOf(account: { id: string; key: string } | undefined) {
  if (!account) return null;
  const { data } = await insighto(`/api/v1/user?api_key=${account.key}`, {});
  if (data.id !== account.id) return null;
  return {
    subscriptionStatus: data.stripe_subscription_status?.toUpperCase() ?? null,
    isPaying: data.is_paying ?? null,
    hasPaymentMethod: data.stripe_has_payment_method ?? null,
    lastPaymentAt: data.stripe_last_payment_date ?? null,
    activePlanId: data.active_billing_plan_id ?? null,
  };
}

export async function atomsAccountOf(account: { id: string; key: string } | undefined) {
  if (!account) return null;
  const { data } = await atoms('/user', { authorization: `Bearer ${account.key}` });
  if (data._id !== account.id) return null;
  return {
    id: account.id,
    email: data.userEmail ?? null,
    firstName: data.firstName ?? null,
    lastName: data.lastName ?? null,
    isEmailVerified: data.isEmailVerified ?? null,
  };
}
