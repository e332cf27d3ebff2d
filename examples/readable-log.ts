import { type Logger, openLog } from '../src/telemetry/log.ts';

/** A log for a person at a terminal: `pino-pretty` where it is installed, JSON lines where it is not. */
export async function openReadableLog(level: string): Promise<Logger> {
  const pretty = await import('pino-pretty').catch(() => undefined);
  return openLog(pretty ? { level, to: pretty.build({ singleLine: true, sync: true }) } : { level });
}
