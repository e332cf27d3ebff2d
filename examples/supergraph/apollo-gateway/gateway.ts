import type { IncomingHttpHeaders } from 'node:http';
import {
  ApolloGateway,
  type GraphQLDataSourceProcessOptions,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { openExplorer } from '../../../src/explorer/explorer.ts';
import { supergraphPresets } from '../presets.ts';
import { serve } from '../serve.ts';
import type { StartGateway } from '../gateway.ts';

/** What of a client's request the subgraphs may get to see. */
interface Caller {
  headers?: IncomingHttpHeaders;
}

/** Carries a request through logs and traces; every subgraph gets it. */
const traced = ['x-request-id', 'traceparent', 'tracestate'];

/**
 * How `@apollo/gateway` has to be set up. It forwards no header of its own accord, and what is forwarded is named
 * here: `x-user-scopes` and `router-authorization` are the gateway's own word, so a client's are left behind.
 */
class Subgraph extends RemoteGraphQLDataSource<Caller> {
  readonly #forwarded: readonly string[];
  readonly #own: Readonly<Record<string, string>>;

  constructor(url: string, forwarded: readonly string[], own: Readonly<Record<string, string>> = {}) {
    super({ url });
    this.#forwarded = forwarded;
    this.#own = own;
  }

  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Caller>): void {
    for (const name of this.#forwarded) {
      const value = context.headers?.[name];
      if (typeof value === 'string') request.http?.headers.set(name, value);
    }
    for (const [name, value] of Object.entries(this.#own)) request.http?.headers.set(name, value);
  }
}

/** How `@apollo/gateway` tells of a subgraph that refuses a whole request. */
interface Refusal {
  body?: { errors?: GraphQLFormattedError[] };
}

/**
 * By default a client is told where a subgraph is: in the text of a failed request, and beside a refusal with the whole
 * response. Of a refusal, what the subgraph said is passed on. Errors with a `serviceName` are the subgraph's anyway.
 */
function withoutAddresses(error: GraphQLFormattedError): GraphQLFormattedError {
  const { response, ...extensions } = error.extensions ?? {};
  const [said] = (response as Refusal | undefined)?.body?.errors ?? [];
  if (said) return { ...error, message: said.message, extensions: { ...said.extensions } };
  const isOurs = extensions['code'] === 'INTERNAL_SERVER_ERROR' && extensions['serviceName'] === undefined;
  return { ...error, ...(isOurs && { message: 'A part of the graph could not be asked.' }), extensions };
}

/** Starts Apollo Server with `@apollo/gateway` on loopback: GraphQL at `/graphql`, an explorer at `/`. */
export const startApolloGateway: StartGateway = async ({ supergraphSdl, routerSecret, port }) => {
  // Otherwise it asks the cloud's metadata services where it runs, and reports that to Apollo: nothing here leaves the machine.
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true';
  // Idle connections are kept until the subgraph closes them: after 620 s (IDLE_CONNECTION_SECONDS), as late as can be.
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url = '' }) =>
      name === 'users'
        ? new Subgraph(url, ['authorization', ...traced], { 'router-authorization': routerSecret })
        : new Subgraph(url, traced),
  });
  const apollo = new ApolloServer<Caller>({
    gateway,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: withoutAddresses,
    stopOnTerminationSignals: false,
  });
  const explorer = await openExplorer('altair', await supergraphPresets());
  return serve({ apollo, contextOf: (headers) => ({ headers }), port, explorer });
};
