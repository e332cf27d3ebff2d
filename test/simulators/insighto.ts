import { type Answer, jsonAnswer, Prepared, type Received, split } from './answer.ts';
import { ada, grace, linus, numbered, stranger, type People, type Person } from './people.ts';
import { Simulator } from './simulator.ts';
import type { Identity } from '../support/authority.ts';

/** The team's key: lists everybody. It answers `GET /api/v1/user` too, about its owner, who is nobody else here. */
export const INSIGHTO_API_KEY = 'in-team-key-7b3a';
const TEAM_OWNER: Person = { ...numbered(900), firstName: 'Team', lastName: 'Owner' };

const PLANS = [
  plan(1, 'Free', { default_plan: true, credits: {}, queries_count: 100 }),
  plan(2, 'Pro', {
    premium_support: true,
    default_plan: false,
    remove_branding: true,
    advanced_intents: true,
    auto_intents: false,
    billing_plan_group: 'regular',
    plan_lookup_key: 'pro_monthly',
    credits: { voice: 1250.5, queries: 10_000 },
    queries_count: 10_000,
  }),
  plan(3, 'Agency', { premium_support: true, credits: { voice: 90_000 }, queries_count: 1_000_000 }),
];

function planId(number: number): string {
  return `b1111196-0000-4000-9000-${String(number).padStart(12, '0')}`;
}

function plan(
  number: number,
  name: string,
  own: Record<string, unknown> & { credits: Record<string, number>; queries_count: number },
) {
  // As in the vendor's reference, "Get agency billing plan": `credits` is an object, and several may be null.
  return {
    id: planId(number),
    name,
    description: `The ${name} plan`,
    bots_count: number * 5,
    words_count: number * 100_000,
    voice_seconds: number * 3_600,
    user_count: number * 10,
    premium_support: false,
    default_plan: null,
    remove_branding: null,
    advanced_intents: null,
    auto_intents: null,
    billing_plan_group: null,
    plan_lookup_key: null,
    attributes: {},
    ...own,
  };
}

/** Those of the hundred have them in turn: all of Stripe's, none, and one that Stripe added since. */
const STATUSES = [
  'active', 'trialing', 'past_due', 'canceled', 'unpaid', 'incomplete', 'incomplete_expired', 'paused', null, 'on_hold',
]; // prettier-ignore

function statusOf(person: Person): string | null {
  if (person === ada) return 'active';
  if (person === grace) return 'past_due';
  if (person === linus) return null;
  return STATUSES[person.number % STATUSES.length] ?? null;
}

function userOf(person: Person) {
  const required = {
    id: person.insighto.id,
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
  };
  if (person === linus) {
    return {
      ...required,
      is_active: true,
      active_billing_plan_id: null,
      // Billing without Stripe: texts may be null, empty or missing.
      next_billing_plan_id: '',
      stripe_customer_id: '',
      stripe_subscription_id: null,
      stripe_subscription_status: '',
      stripe_has_payment_method: null,
      billing_updated_at: '',
      is_trial: false,
      is_paying: false,
    };
  }
  const status = statusOf(person);
  const isPaying = status === 'active';
  return {
    ...required,
    is_active: true,
    is_superuser: false,
    birthdate: '1985-12-10T00:00:00',
    is_enterprise: person === ada,
    role_id: '4011e000-0000-4000-9000-000000000001',
    phone: '+44 20 7946 0123',
    state: 'London',
    country: 'United Kingdom',
    address: '12 St James’s Square',
    active_billing_plan_id: planId(person === ada ? 2 : (person.number % PLANS.length) + 1),
    next_billing_plan_id: person === ada ? planId(3) : null,
    stripe_customer_id: status && `cus_${person.number}`,
    stripe_subscription_id: status && `sub_${person.number}`,
    stripe_subscription_status: status,
    stripe_has_payment_method: isPaying,
    is_trial: status === 'trialing',
    used_trial: true,
    is_paying: isPaying,
    stripe_last_payment_date: status && '2024-05-01T10:00:00.123456',
    billing_updated_at: '2024-05-01T10:00:01.654321',
    // The vendor's pages have times in this form too.
    last_credits_refresh: '2024-05-01 10:00:02',
    next_credits_refresh: '2024-06-01T10:00:02',
    follower_count: 123,
    following_count: person.number,
  };
}

/** Insighto: the key, and with it whose data it is, travels in the query. */
export class InsightoSimulator extends Simulator {
  readonly #people: People;
  readonly #items = new Prepared((person: Person) => JSON.stringify(userOf(person)));
  readonly #users = new Prepared((person: Person) => found(this.#items.get(person)));

  constructor(people: People, identity?: Identity) {
    super(identity);
    this.#people = people;
  }

  error(status: number): Answer {
    const details: Record<number, string> = {
      401: 'Could not validate credentials',
      403: 'Not enough permissions',
      404: 'Billing plan not found',
      405: 'Method Not Allowed',
      429: 'Too Many Requests',
      503: 'Service Unavailable',
    };
    return jsonAnswer({ detail: details[status] ?? 'Internal Server Error' }, status);
  }

  protected restore() {}

  protected answer({ method, path }: Received, mistaken: boolean): Answer {
    const [pathname, query] = split(path);
    const planId = /^\/api\/v1\/agency\/billing\/([^/]+)$/.exec(pathname)?.[1];
    const isList = pathname === '/api/v1/user/get_agent_list/';
    const isKnown = pathname === '/api/v1/user' || isList || planId !== undefined;
    if (!isKnown && method === 'GET' && KNOWN_OTHERWISE.test(pathname)) return this.#redirect(path);
    if (!isKnown) return jsonAnswer({ detail: 'Not Found' }, 404);
    if (method !== 'GET') return this.error(405);

    const key = query.get('api_key') ?? '';
    const owner = key === INSIGHTO_API_KEY ? TEAM_OWNER : this.#people.byInsightoKey.get(key);
    if (!owner) return this.error(401);
    if (isList) return this.#list(owner === TEAM_OWNER ? this.#people.all : [owner], query, mistaken);
    if (planId === undefined) return this.#users.get(mistaken ? stranger : owner);
    const plan = PLANS.find(({ id }) => (mistaken ? id !== planId : id === planId));
    return plan ? found(JSON.stringify(plan)) : this.error(404);
  }

  /** FastAPI's, for a path that it knows with a slash at the end, or without: to an absolute URL, with the query. */
  #redirect(path: string): Answer {
    const [pathname] = split(path);
    const other = pathname.endsWith('/') ? pathname.slice(0, -1) : `${pathname}/`;
    const location = `${this.url}${other}${path.slice(pathname.length)}`;
    return { status: 307, headers: { location, 'content-length': 0 }, body: '' };
  }

  #list(team: readonly Person[], query: URLSearchParams, mistaken: boolean): Answer {
    const page = Number(query.get('page') ?? 1);
    const size = Number(query.get('size') ?? 50);
    for (const [name, value, max] of [['page', page, Infinity], ['size', size, 100]] as const) {
      if (!(value >= 1)) return invalid(name, 'Input should be greater than or equal to 1', 'greater_than_equal');
      if (value > max) return invalid(name, 'Input should be less than or equal to 100', 'less_than_equal');
    } // prettier-ignore
    const pages = Math.ceil(team.length / size);
    const items = team
      .slice((page - 1) * size, page * size)
      .map((person) => this.#items.get(mistaken ? stranger : person));
    const rest = JSON.stringify({
      total: team.length,
      page,
      size,
      pages,
      previous_page: page > 1 ? page - 1 : null,
      next_page: page < pages ? page + 1 : null,
    });
    return found(`{"items":[${items.join()}],${rest.slice(1)}`);
  }
}

/** What differs from an endpoint by the slash at its end. */
const KNOWN_OTHERWISE = /^\/api\/v1\/(?:user\/|user\/get_agent_list|agency\/billing\/[^/]+\/)$/;

function found(data: string): Answer {
  return jsonAnswer(`{"message":"success","meta":{},"data":${data}}`);
}

function invalid(parameter: string, msg: string, type: string): Answer {
  return jsonAnswer({ detail: [{ loc: ['query', parameter], msg, type }] }, 422);
}
