import { buildFederationSchema } from '@mercuriusjs/federation';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { readFileSync } from 'node:fs';
import { atomsAccountOf, billingOf, organizationOf, profileOf } from '../provider-calls.ts';
import { linksOf, port, routerSecret } from '../settings.ts';
import type { Accounts } from '../stored-links.ts';

/**
 * Row 2: mercurius on fastify with its compiler on from the first request, its own loaders, and the hand-written
 * service's provider calls. No guards per field, no log lines.
 */
interface User {
  id: string;
}
interface Context {
  authorization: string;
}

/** A field from the accounts of each user: their links are read together. */
const field = (load: (accounts: Accounts | undefined) => Promise<unknown>) => ({
  opts: { cache: false },
  loader: (asked: { obj: User }[]) => {
    const accounts = linksOf(asked.map(({ obj }) => obj.id));
    return Promise.all(asked.map(({ obj }) => load(accounts.get(obj.id))));
  },
});

const app = fastify();
app.register(mercurius as never, {
  schema: buildFederationSchema(readFileSync(new URL('../user.graphql', import.meta.url), 'utf8')),
  resolvers: {
    Query: { me: (_: unknown, _args: unknown, { authorization }: Context) => profileOf(authorization) },
    User: { __resolveReference: ({ id }: User) => ({ id }) },
  },
  loaders: {
    User: {
      organization: field((accounts) => organizationOf(accounts?.ejento)),
      billing: field((accounts) => billingOf(accounts?.insighto)),
      atomsAccount: field((accounts) => atomsAccountOf(accounts?.atoms)),
    },
  },
  jit: 1,
  context({ headers }: { headers: Record<string, string | undefined> }) {
    if (headers['router-authorization'] !== routerSecret) throw new Error('Only the router is answered.');
    return { authorization: headers['authorization'] ?? '' };
  },
});
await app.listen({ port, host: '127.0.0.1' });
