import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Context } from './context.ts';
import { maskedMessage } from './format-error.ts';
import type { Logger } from './log.ts';

/** What is known of an operation once it has been answered: its line in the log. */
export interface OperationReport {
  requestId: string;
  traceId?: string;
  /** As its author named it; null when it has no name or could not be read. */
  operation: string | null;
  type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** Milliseconds from the parsed request to the finished answer. */
  ms: number;
  /** How often each provider was asked for. */
  calls: Record<string, number>;
  /** What was answered in place of data, each kind with how often. */
  errors: AnsweredError[];
  /** Why it was ended early, when it was. */
  ended?: 'deadline' | 'client left';
}

/** A kind of error, by its code and the provider at fault. */
export interface AnsweredError {
  code: string;
  provider?: string;
  count: number;
}

/** Reports each operation, and gives the errors that nobody foresaw a line of their own in the log. */
export function operationReports(
  log: Logger,
  report: (report: OperationReport) => void,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async willSendResponse(answered) {
          maskAndLog(answered, log);
          const done = reportOf(answered, performance.now() - startedAt);
          log.info(done, 'operation');
          report(done);
        },
      };
    },
  };
}

type Answered = GraphQLRequestContextWillSendResponse<Context>;

/** The client gets the request id, the log the error under that id. */
function maskAndLog({ response, errors, contextValue }: Answered, log: Logger): void {
  if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
  const { requestId } = contextValue.operation;
  const { singleResult } = response.body;
  singleResult.errors = response.body.singleResult.errors.map((answered, index) => {
    if (answered.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return answered;
    const err = unwrapResolverError(errors?.[index]);
    log.error({ requestId, err }, 'An operation met an error that nobody foresaw.');
    return { ...answered, message: maskedMessage(requestId) };
  });
}

const longestName = 100;

function reportOf(
  { contextValue, operation, operationName, response }: Answered,
  ms: number,
): OperationReport {
  const { requestId, headers, calls, signal } = contextValue.operation;
  const traceId = headers['traceparent']?.split('-')[1];
  return {
    requestId,
    ...(traceId !== undefined && { traceId }),
    operation: operationName?.slice(0, longestName) ?? null,
    type: operation?.operation ?? 'unknown',
    ms: Math.round(ms * 10) / 10,
    calls: Object.fromEntries(calls),
    errors: errorsOf(response),
    ...(signal.aborted && { ended: signal.reason?.name === 'TimeoutError' ? 'deadline' : 'client left' }),
  };
}

function errorsOf({ body }: Answered['response']): AnsweredError[] {
  if (body.kind !== 'single' || !body.singleResult.errors) return [];
  const kinds = new Map<string, AnsweredError>();
  for (const { extensions = {} } of body.singleResult.errors) {
    const { code, provider } = extensions as { code: string; provider?: string };
    const kind = kinds.get(`${code} ${provider}`);
    if (kind) kind.count += 1;
    else kinds.set(`${code} ${provider}`, { code, ...(provider !== undefined && { provider }), count: 1 });
  }
  return [...kinds.values()];
}
