import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import DataLoader from 'dataloader';
import { GraphQLError, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Json } from './get-json.ts';
import { ejentoHeaders, linksOf, origins, pool, port, routerSecret } from './settings.ts';
import type { Accounts } from './stored-links.ts';

/**
 * Row 1: the subgraph that a good team writes. Apollo's standalone server with its defaults, a DataLoader per
 * resource and request, a keep-alive pool per provider with `request`.
 */
const open = (origin: string) => {
  const connections = new Pool(origin, pool);
  return async (path: string, headers: Record<string, string>): Promise<Json> => {
    const { statusCode, body } = await connections.request({ path, method: 'GET', headers });
    if (statusCode === 200) return body.json();
    await body.dump();
    throw new GraphQLError('A provider did not answer.', { extensions: { code: 'PROVIDER_UNAVAILABLE' } });
  };
};
const bird = open(origins.bird);
const ejento = open(origins.ejento);
const insighto = open(origins.insighto);
const atoms = open(origins.atoms);

const each = (load: (key: string) => Promise<Json>) =>
  new DataLoader<string, Json>((keys) => Promise.all(keys.map(load)));

/** Made for each request. */
class Context {
  readonly authorization: string;
  readonly isOperator: boolean;

  constructor(authorization = '', scopes = '') {
    this.authorization = authorization;
    this.isOperator = scopes.split(' ').includes('users:read');
  }

  readonly accounts = new DataLoader<string, Accounts>(async (ids) => {
    const found = linksOf(ids);
    return ids.map((id) => found.get(id) ?? {});
  });
  readonly profiles = each((authorization) => bird('/me', { authorization }));
  readonly ejento = each(async (id) => {
    const { success, data } = await ejento(`/v2/api/user/${id}`, ejentoHeaders);
    return success !== false && String(data.id) === id ? data : null;
  });

  profile(): Promise<Json> {
    return this.profiles.load(this.authorization);
  }

  /** Somebody's accounts elsewhere, for themselves and for operators. */
  async accountsOf(id: string): Promise<Accounts> {
    if (!this.isOperator && (await this.profile()).id !== id)
      throw new GraphQLError('Only the person themselves may see this.', {
        extensions: { code: 'FORBIDDEN' },
      });
    return this.accounts.load(id);
  }
}

type Ref = { id: string };
const profile = (key: string) => async (_user: Ref, _args: unknown, context: Context) =>
  (await context.profile())[key] ?? null;

const resolvers = {
  Query: {
    me: async (_: unknown, _args: unknown, context: Context) => ({ id: (await context.profile()).id }),
  },
  User: {
    __resolveReference: async ({ id }: Ref) => ({ id }),
    name: profile('name'),
    email: profile('defaultEmail'),
    avatarUrl: profile('avatarUrl'),
    timezone: profile('timezone'),
    activeSessions: profile('activeSessions'),
    createdAt: profile('createdAt'),
    async organization({ id }: Ref, _args: unknown, context: Context) {
      const { ejento } = await context.accountsOf(id);
      return ejento ? (await context.ejento.load(ejento))?.organization : null;
    },
    async billing({ id }: Ref, _args: unknown, context: Context) {
      const account = (await context.accountsOf(id)).insighto;
      const data = account && (await insighto(`/api/v1/user?api_key=${account.key}`, {})).data;
      return data?.id === account?.id ? data : null;
    },
    async atomsAccount({ id }: Ref, _args: unknown, context: Context) {
      const account = (await context.accountsOf(id)).atoms;
      const data = account && (await atoms('/user', { authorization: `Bearer ${account.key}` })).data;
      return data?._id === account?.id ? data : null;
    },
  },
  Organization: {
    name: (organization: Json) => organization.org_name,
    createdAt: (organization: Json) => organization.created_on,
  },
  Billing: {
    subscriptionStatus: (billing: Json) => billing.stripe_subscription_status?.toUpperCase(),
    isPaying: (billing: Json) => billing.is_paying,
    hasPaymentMethod: (billing: Json) => billing.stripe_has_payment_method,
    lastPaymentAt: (billing: Json) => billing.stripe_last_payment_date,
    activePlanId: (billing: Json) => billing.active_billing_plan_id,
  },
  AtomsAccount: { id: (account: Json) => account._id, email: (account: Json) => account.userEmail },
};

const typeDefs = parse(readFileSync(new URL('user.graphql', import.meta.url), 'utf8'));
const server = new ApolloServer<Context>({
  schema: buildSubgraphSchema([
    {
      typeDefs, // oxlint-disable-next-line typescript/no-explicit-any -- resolvers without generated types, as is usual
      resolvers: resolvers as any,
    },
  ]),
});
await startStandaloneServer(server, {
  listen: { port, host: '127.0.0.1' },
  async context({ req: { headers } }) {
    if (headers['router-authorization'] !== routerSecret)
      throw new GraphQLError('Only the router is answered.');
    return new Context(headers.authorization, headers['x-user-scopes'] as string | undefined);
  },
});
