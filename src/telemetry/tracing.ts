import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context as TraceContext,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { UpstreamError } from '../http/upstream-error.ts';
import type { OperationScope, Upstream, UpstreamCall } from '../http/upstream.ts';
import type { OperationObserver } from './operation-observer.ts';
import { LONGEST_NAME } from './operation-report.ts';

/** Spans of what the service does. An operation's `traceparent` is what ties them together. */
export interface Tracing {
  /** A span for each operation, below that of whoever asked. */
  observer: OperationObserver;
  /** The same upstream with a span for each call, below that of the operation it is made for. */
  watching(upstream: Upstream): Upstream;
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

/** The part of `@opentelemetry/sdk-node` that is used; the package is not installed unless traces are wanted. */
interface Sdk {
  NodeSDK: new (options: {
    serviceName: string;
    instrumentations: [];
    metricReaders: [];
    logRecordProcessors: [];
  }) => {
    start(): void;
    shutdown(): Promise<void>;
  };
}

const sdkPackage: string = '@opentelemetry/sdk-node';

/**
 * Starts OpenTelemetry, which reads where to send spans to from its own `OTEL_*` variables.
 *
 * @throws Error that says what to install when its SDK is not there
 */
export async function openTracing({ serviceName }: { serviceName: string }): Promise<Tracing> {
  const { NodeSDK } = (await import(sdkPackage).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      `OTEL_* variables ask for traces, but ${sdkPackage} is not installed: npm install --no-save --save-prod --omit=dev ${sdkPackage}@0.223, or set OTEL_TRACES_EXPORTER=none.`,
    );
  })) as Sdk;
  // No instrumentations: those would put URLs, and with them the keys in their queries, into spans.
  const sdk = new NodeSDK({ serviceName, instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return traceWith(trace.getTracer('user-subgraph'), () => sdk.shutdown());
}

/** Makes spans with a tracer. */
export function traceWith(tracer: Tracer, stop: () => Promise<void>): Tracing {
  const observer: OperationObserver = {
    begins({ operation }) {
      const span = tracer.startSpan('operation', { kind: SpanKind.SERVER }, parentIn(operation));
      operation.headers = below(span, operation);
      return ({ definition, errors }) => {
        span.setAttributes({
          'graphql.operation.type': definition?.operation,
          'graphql.operation.name': definition?.name?.value.slice(0, LONGEST_NAME),
        });
        const codes = new Set(errors.map(({ extensions }) => extensions?.['code']));
        if (codes.size > 0) span.setStatus({ code: SpanStatusCode.ERROR, message: [...codes].join(' ') });
        span.end();
      };
    },
  };

  function watching(upstream: Upstream): Upstream {
    async function send<T>(call: UpstreamCall<T>, scope: OperationScope): Promise<T> {
      const { method = 'GET' } = call;
      const attributes = {
        'peer.service': upstream.name,
        'http.request.method': method,
        'user_subgraph.batch_size': call.batchSize,
      };
      const span = tracer.startSpan(
        `${upstream.name} ${method}`,
        { kind: SpanKind.CLIENT, attributes },
        parentIn(scope),
      );
      try {
        return await upstream.send(call, {
          lifetime: scope.lifetime,
          caller: scope.caller,
          headers: below(span, scope),
          countCall: (provider) => scope.countCall(provider),
        });
      } catch (error) {
        if (error instanceof UpstreamError)
          span.setAttributes({ 'error.type': error.failure, 'http.response.status_code': error.status });
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    }

    return {
      name: upstream.name,
      get stats() {
        return upstream.stats;
      },
      send,
      unusable: (...what) => upstream.unusable(...what),
      forget: (credential) => upstream.forget(credential),
      warm: () => upstream.warm(),
      close: () => upstream.close(),
    };
  }

  return { observer, watching, stop };
}

function parentIn({ headers: { traceparent, tracestate } }: Pick<OperationScope, 'headers'>): TraceContext {
  const [, traceId, spanId, flags] = traceparent?.split('-') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags ?? '', 16),
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  });
}

/** The headers of a scope, for what happens within a span. */
function below(span: Span, { headers }: Pick<OperationScope, 'headers'>): OperationScope['headers'] {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { ...headers, traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}` };
}
