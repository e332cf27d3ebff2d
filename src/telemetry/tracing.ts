import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context as TraceContext,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { UpstreamError } from '../http/upstream-error.ts';
import type { OperationScope, OperationTrace, UpstreamCall } from '../http/call.ts';
import type { Upstream } from '../http/upstream.ts';
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

/** What the service itself reads of OpenTelemetry's variables. */
export interface TracingSettings {
  serviceName: string;
  /** Whether the caller's `sampled` flag counts: where the sampler that is named follows the parent. */
  callerSamples: boolean;
}

const sdkPackage: string = '@opentelemetry/sdk-node';

/**
 * Starts OpenTelemetry, which reads where to send spans to from its own `OTEL_*` variables.
 *
 * @throws Error that says what to install when its SDK is not there
 */
export async function openTracing({ serviceName, callerSamples }: TracingSettings): Promise<Tracing> {
  const { NodeSDK } = (await import(sdkPackage).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      `OTEL_* variables ask for traces, but ${sdkPackage} is not installed: npm install --no-save --save-prod --omit=dev ${sdkPackage}@0.223, or set OTEL_TRACES_EXPORTER=none.`,
    );
  })) as Sdk;
  // No instrumentations: those would put URLs, and with them the keys in their queries, into spans.
  const sdk = new NodeSDK({ serviceName, instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return traceWith(trace.getTracer('user-subgraph'), () => sdk.shutdown(), { callerSamples });
}

/**
 * Makes spans with a tracer. Whether a trace is kept is decided here and not by whoever asks, who could have all of
 * their own kept, or none: their span is the parent, but its `sampled` flag counts only with `callerSamples`.
 */
export function traceWith(
  tracer: Tracer,
  stop: () => Promise<void>,
  { callerSamples = false }: { callerSamples?: boolean } = {},
): Tracing {
  const observer: OperationObserver = {
    begins({ operation }) {
      const parent = parentIn(operation, callerSamples);
      const span = tracer.startSpan('operation', { kind: SpanKind.SERVER }, parent);
      operation.trace = traceBelow(span, operation);
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
          headers: scope.headers,
          trace: traceBelow(span, scope),
          isTraceTold: scope.isTraceTold ?? false,
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

/** Where the span of an operation or a call hangs. */
function parentIn({ trace: parent }: Pick<OperationScope, 'trace'>, decides = true): TraceContext {
  const { traceparent, tracestate } = parent ?? {};
  const [, traceId, spanId, flags = ''] = traceparent?.split('-') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: decides ? Number.parseInt(flags, 16) : TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  });
}

/** The trace of a scope, for what happens within a span. */
function traceBelow(span: Span, { trace: parent }: Pick<OperationScope, 'trace'>): OperationTrace {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  return { ...parent, traceparent };
}
