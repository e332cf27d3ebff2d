import {
  ApolloServer,
  HeaderMap,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Config } from '../settings/config.ts';
import type { Context } from '../request/context.ts';
import { bytesOfDocument, forgetTokens } from './document-memory.ts';
import { limits, operationLimits, operationTypes } from './limits.ts';
import type { Logger } from '../telemetry/log.ts';
import { noSecretsInDocuments } from './secrets-in-documents.ts';
import { demandOf, limitDemand, type MostDemanded } from './representations.ts';
import { refuseWrongValues } from './wrong-values.ts';

/** What Apollo Server is told. */
export interface ApolloSettings {
  config: Pick<Config, 'production' | 'introspection' | 'inlineTrace'> & MostDemanded;
  schema: GraphQLSchema;
  formatError: NonNullable<ApolloServerOptions<Context>['formatError']>;
  log: Logger;
}

/** Apollo Server with what costs or tells too much switched off. */
export function createApollo(
  { config, schema, formatError, log }: ApolloSettings,
  ...plugins: ApolloServerPlugin<Context>[]
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    formatError,
    logger: withoutDetails(log),
    nodeEnv: config.production ? 'production' : 'development',
    introspection: config.introspection,
    hideSchemaDetailsFromClientErrors: config.production,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [operationLimits, operationTypes, noSecretsInDocuments],
    documentStore: documentStore(),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      config.inlineTrace ? ApolloServerPluginInlineTrace() : ApolloServerPluginInlineTraceDisabled(),
      requestLimits(schema, config),
      ...plugins,
    ],
  });
}

/** Apollo Server's messages end in the text of an error, which may hold anything: what comes before is logged. */
function withoutDetails(log: Logger) {
  const fixed = (message: unknown) => `Apollo Server: ${String(message).split(':', 1)[0]}`;
  return {
    debug: (message: unknown) => log.debug(fixed(message)),
    info: (message: unknown) => log.info(fixed(message)),
    warn: (message: unknown) => log.warn(fixed(message)),
    error: (message: unknown) => log.error(fixed(message)),
  };
}

function requestLimits(schema: GraphQLSchema, most: MostDemanded): ApolloServerPlugin<Context> {
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ document, operation, request: { variables = {} } }) {
      if (!operation) return;
      limitDemand(most, demandOf(document, operation)(variables));
      refuseWrongValues(schema, document, operation, variables);
    },
  };
  return { requestDidStart: async () => listener };
}

/** Parsed and validated documents, within 4 MiB of heap. */
function documentStore() {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: 4 * 1024 * 1024,
    sizeCalculation: bytesOfDocument,
  });
  return {
    get: async (key: string) => documents.get(key),
    async set(key: string, document: DocumentNode) {
      forgetTokens(document);
      documents.set(key, document);
    },
    delete: async (key: string) => documents.delete(key),
  };
}

/** Node's headers as Apollo Server wants to see them, without a copy of each. */
export class HeaderView extends HeaderMap {
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders) {
    super();
    this.#headers = headers;
  }

  override get(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  override has(name: string): boolean {
    return name in this.#headers;
  }
}
