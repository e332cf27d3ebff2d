import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Linkable } from './link.ts';
import type { LinksSettings } from './open-store.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Terminal } from './progress.ts';
import type { Standings } from './prune.ts';

/** What a run of the command line is given. */
export interface CommandWorld {
  /** Asked only when the links are needed; what it throws is told as wrong settings. */
  readonly settings: () => Pick<LinksSettings, 'url' | 'keys' | 'connections'>;
  readonly linkable: Linkable;
  /** Where it is known who there is. Asked only when it is needed; what it throws is told as wrong settings. */
  readonly standings: (log: Logger) => Standings;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Terminal;
}

/** Explained in the help. */
export const EXIT = { done: 0, defect: 1, useless: 2, tryAgain: 3, linesRejected: 4 } as const;

/** Writes one line of results. */
export function tell(stream: Writable, result: object | string): Promise<void> {
  return write(stream, `${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}

/** Waits for a slow reader, so that a million lines do not pile up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
