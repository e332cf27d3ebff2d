import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** How the log is kept: its level, and where the lines go (standard output by default). */
export interface LogSettings {
  level: string;
  to?: DestinationStream;
}

/**
 * The process's log: one JSON object per line, every error in it reduced to what `describeError` lists. Lines are
 * written in the background, so that a slow reader of standard output delays no answer; what is left is written at
 * exit.
 */
export function openLog({ level, to = standardOutput() }: LogSettings): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withDescribedErrors },
      // The one that is built in would make an error out of the description again.
      serializers: { err: (described: unknown) => described },
      hooks: {
        // Without a text of ours, the text of the error would be the line's.
        logMethod(args, method) {
          const [first, text, ...rest] = args as unknown[];
          const fields = first instanceof Error ? { err: first } : first;
          const isTextless = text === undefined && (fields as { err?: unknown } | null)?.err instanceof Error;
          method.apply(this, [fields, isTextless ? 'an error' : text, ...rest] as typeof args);
        },
      },
    },
    to,
  );
}

/** Makes a line when it is about to be written. */
type LineMaker = () => string;

/** Where lines are held for a while before they are written, in their order. */
interface HoldingStream extends DestinationStream {
  hold(line: LineMaker): void;
}

/**
 * The line that `log.info` makes of fields that are plain JSON without an error, in a third of its time: for what is
 * logged with every operation. Where lines are held, it is made with the others when they are written: a hundred in a
 * row cost less than each between other things. Measured together with lesser savings: 4 to 7 % of a small operation.
 */
export function logPlain(log: Logger, fields: object, msg: string): void {
  if (!log.isLevelEnabled('info')) return;
  const { [pino.symbols.streamSym]: stream } = log as Logger & Record<symbol, DestinationStream>;
  const at = Date.now();
  const line = () =>
    `{"level":"info","time":"${isoTime(at)}",${JSON.stringify(fields).slice(1, -1)},"msg":"${msg}"}\n`;
  if (stream && 'hold' in stream) (stream as HoldingStream).hold(line);
  else stream?.write(line());
}

let lastAt = 0;
let lastTime = '';

/** Many lines are of the same millisecond, and made one after another. */
function isoTime(at: number): string {
  if (at !== lastAt) [lastAt, lastTime] = [at, new Date(at).toISOString()];
  return lastTime;
}

const MOST_LINES_HELD = 100;
const LONGEST_HELD_MS = 100;
/** Bytes that wait for a slow reader, or for room on a full disk; further lines are lost. */
const MOST_BYTES_WAITING = 16 * 1024 * 1024;

/**
 * Lines are held for up to a tenth of a second and written in one piece. A system call for each would cost a tenth of
 * a small operation, and as much what pino's writer does when it is handed them one by one.
 */
function standardOutput(): HoldingStream {
  let held: LineMaker[] = [];
  let isDrained = true;
  function take(): string {
    const lines = held;
    held = [];
    return lines.map((line) => line()).join('');
  }
  function write(): void {
    if (held.length === 0) return;
    isDrained = false;
    output.write(take());
  }
  function writeLast(): void {
    if (!isDrained) return write();
    try {
      writeSync(1, take());
    } catch {
      // There is nobody left to tell.
    }
  }
  // Before the writer's own, which sees to it that what it was given is out when the process ends.
  process.on('exit', writeLast);
  const output = pino.destination({ dest: 1, sync: false, maxLength: MOST_BYTES_WAITING });
  const { flushSync } = output;
  output.on('drain', () => (isDrained = true));
  // A disk that is full passes: what could not be written is written with the next lines. But who ends the process
  // meanwhile does not wait for it, which the writer would do for ever.
  const forget = () => {};
  output.on('error', () => (output.flushSync = forget));
  output.on('write', () => (output.flushSync = flushSync));
  setInterval(write, LONGEST_HELD_MS).unref();

  function hold(line: LineMaker): void {
    if (held.push(line) >= MOST_LINES_HELD) write();
  }
  return { hold, write: (line) => hold(() => line) };
}

function withDescribedErrors(fields: Record<string, unknown>): Record<string, unknown> {
  for (const key in fields)
    if (fields[key] instanceof Error) fields = { ...fields, [key]: describeError(fields[key]) };
  return fields;
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
