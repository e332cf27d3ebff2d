import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { traceWith, type Tracing } from '../../src/telemetry/tracing.ts';

/** What a provider alone says: pieces of bodies that the graph has no place for. */
const upstreamWords = [
  'userFraudInformation',
  'passwordSet',
  'Users found successfully',
  'Access denied',
  'ResourceNotFound',
  'TooManyRequests',
  '502 Bad Gateway',
  'statusCode',
  'planted-in-a-body',
  'planted-in-a-header',
];

/**
 * Searches all that comes out of a subgraph for what must not: credentials, addresses of providers, words of theirs.
 * `ROUTER_SECRET` and the like are taken from the settings, so a test that brings its own is searched for them too.
 */
export class LeakHunt {
  readonly #secrets: readonly string[];
  readonly #seen: { where: string; text: string }[] = [];

  constructor(settings: Readonly<Record<string, string | undefined>>) {
    this.#secrets = [...upstreamWords, ...Object.entries(settings).flatMap(secretsIn)];
  }

  /** Notes something that came out. */
  saw(where: string, text: string): void {
    this.#seen.push({ where, text });
  }

  /** Each secret that came out, with where; empty when all is well. */
  found(): string[] {
    const wheres = Map.groupBy(this.#seen, ({ where }) => where);
    return [...wheres].flatMap(([where, pieces]) => {
      const text = pieces.map((piece) => piece.text).join('\n');
      const people =
        text.match(/\bdemo-(ada|grace|linus|stranger|\d+)|in-personal-key-\d+|sk_personal_key_\d+/g) ?? [];
      const leaked = new Set([...people, ...this.#secrets.filter((secret) => text.includes(secret))]);
      return [...leaked].map((secret) => `${secret} in a ${where}: ${excerpt(text, secret)}`);
    });
  }
}

function secretsIn([name, value]: [string, string | undefined]): string[] {
  if (!value) return [];
  if (name.endsWith('_BASE_URL')) return [new URL(value).host];
  if (/_PROXY$/i.test(name)) return URL.parse(value)?.password ? [new URL(value).password, 'Basic '] : [];
  if (!/_KEY$|_TOKEN$|_SECRET$|^BIRD_ORGANIZATION_ID$/.test(name)) return [];
  return value.split(',').filter((part) => part.length > 5);
}

function excerpt(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 100), at + secret.length + 50);
}

/** Real spans, kept in memory. */
export function spansInMemory(): { tracing: Tracing; spans: () => unknown[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return {
    tracing: traceWith(provider.getTracer('test'), async () => {}),
    spans: () =>
      exporter.getFinishedSpans().map((span) => ({
        name: span.name,
        kind: span.kind,
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        parentSpanId: span.parentSpanContext?.spanId,
        attributes: span.attributes,
        status: span.status,
        events: span.events,
        links: span.links,
      })),
  };
}
