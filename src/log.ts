import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** How the log is kept: its level, and where the lines go (standard output by default). */
export interface LogSettings {
  level: string;
  to?: DestinationStream;
}

/**
 * The process's log: one JSON object per line, `err` reduced to what `describeError` lists. Lines are written
 * in the background, so a slow reader of standard output delays no answer; pino writes the rest at exit.
 */
export function openLog({ level, to = pino.destination({ dest: 1, sync: false }) }: LogSettings): Logger {
  return pino({ level, base: null, serializers: { err: describeError } }, to);
}

/** A log for a person at a terminal: `pino-pretty` where it is installed, JSON lines where it is not. */
export async function openReadableLog(level: string): Promise<Logger> {
  const pretty = await import('pino-pretty').catch(() => undefined);
  return openLog(
    pretty ? { level, to: pretty.build({ ignore: 'pid,hostname', singleLine: true }) } : { level },
  );
}

/** What the log says of an error. */
export interface ErrorDescription {
  type: string;
  message?: string;
  code?: string | number;
  provider?: string;
  failure?: string;
  status?: number;
  /** The stack's frames, without its first line: that repeats the message. */
  stack?: string;
  cause?: ErrorDescription;
}

/**
 * The listed fields of an error and nothing else. Errors carry secrets: a bad URL repeats itself with its
 * query, a JSON error quotes the body. So a message is kept only where it is made of our own words, which is
 * where the error names the provider at fault.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error };
  const of = error as Error & { code?: unknown; provider?: unknown; failure?: unknown; status?: unknown };
  const ours = typeof of.provider === 'string' && typeof of.failure === 'string';
  return {
    type: error.constructor.name,
    ...(ours && { message: error.message, provider: of.provider as string, failure: of.failure as string }),
    ...((typeof of.code === 'string' || typeof of.code === 'number') && { code: of.code }),
    ...(typeof of.status === 'number' && { status: of.status }),
    ...framesOf(error),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}

function framesOf({ stack }: Error): { stack?: string } {
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at '));
  return frames?.length ? { stack: frames.map((line) => line.trim()).join('\n') } : {};
}
