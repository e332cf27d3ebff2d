import type { EndReason } from '../http/lifetime.ts';
import { type Logger, logPlain } from './log.ts';
import type { AnsweredOperation, ObservedOperation, OperationObserver } from './operation-observer.ts';

/** What is known of an operation once it has been answered: its line in the log. */
export interface OperationReport {
  requestId: string;
  traceId?: string | undefined;
  /** As its author named it; null when it has no name or could not be read. */
  operation: string | null;
  type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** Milliseconds from the parsed request to the finished answer. */
  ms: number;
  /** How often each provider was asked for. */
  calls: Readonly<Record<string, number>>;
  /** What was answered in place of data, each kind with how often. */
  errors: AnsweredError[];
  /** Why it was ended early, when it was. */
  ended?: EndReason | undefined;
}

/** A kind of error, by its code and the provider at fault. */
export interface AnsweredError {
  code: string;
  provider?: string;
  count: number;
}

/** Logs and counts each operation. */
export function operationReports(log: Logger, report: (report: OperationReport) => void): OperationObserver {
  return {
    begins({ operation }) {
      const startedAt = performance.now();
      return (answered) => {
        const done = reportOf(operation, answered, performance.now() - startedAt);
        logPlain(log, done, 'operation');
        report(done);
      };
    },
  };
}

/** Characters of an operation's name that are told: it is the client's text. */
export const LONGEST_NAME = 100;

function reportOf(
  { requestId, trace, calls, lifetime: { ended } }: ObservedOperation,
  { definition, errors }: AnsweredOperation,
  ms: number,
): OperationReport {
  return {
    requestId,
    traceId: trace?.traceparent.split('-')[1],
    operation: definition?.name?.value.slice(0, LONGEST_NAME) ?? null,
    type: definition?.operation ?? 'unknown',
    ms: Math.round(ms * 10) / 10,
    calls,
    errors: kindsOf(errors),
    ended,
  };
}

function kindsOf(errors: AnsweredOperation['errors']): AnsweredError[] {
  if (errors.length === 0) return [];
  const kinds = new Map<string, AnsweredError>();
  for (const { extensions = {} } of errors) {
    const { code, provider } = extensions as { code: string; provider?: string };
    const kind = kinds.get(`${code} ${provider}`);
    if (kind) kind.count += 1;
    else kinds.set(`${code} ${provider}`, { code, ...(provider !== undefined && { provider }), count: 1 });
  }
  return [...kinds.values()];
}
