import { LinksSetupError } from './link.ts';
import type { LinksAdmin } from './admin.ts';
import { type ByteSource, readLines } from './ndjson.ts';

/** Lines that are read at once. */
const BATCH = 1_000;

/** What became of somebody's links by the log, provider by provider; those that are not named went with all others, or stayed. */
interface Fate {
  /** Removed as a whole, before what the map says. */
  readonly isForgotten: boolean;
  readonly at: Map<string, 'removed' | 'linked'>;
}

/**
 * Removes again what the lines of a service's log say was removed, unless a later line says that the person linked it
 * anew: after a backup was restored, or after a failover that lost the last transactions. Returns how many links were
 * still there. Other lines are overlooked, and it may be repeated. Throws LinksSetupError when no line is one of a
 * service's log: nobody would know then whom to forget.
 */
export async function replayRemovals(log: ByteSource, links: LinksAdmin): Promise<number> {
  const fates = new Map<string, Fate>();
  let isEmpty = true;
  let isLog = false;
  for await (const lines of readLines(log, BATCH))
    for (const { text } of lines) {
      const fields = fieldsOf(text);
      isEmpty = false;
      isLog ||= typeof fields['msg'] === 'string';
      note(fields, fates);
    }
  if (!isEmpty && !isLog)
    throw new LinksSetupError(
      'None of these lines is one of the service’s log, which are JSON with a "msg". Nothing was removed.',
    );
  let removed = 0;
  for (const [userId, { isForgotten, at }] of fates) {
    const providers: string[] = [];
    for await (const { provider } of links.rows({ userId })) providers.push(provider);
    for (const provider of providers) {
      const fate = at.get(provider) ?? (isForgotten ? 'removed' : 'linked');
      if (fate === 'removed') removed += await links.remove(userId, provider);
    }
  }
  return removed;
}

function note({ userId, provider, outcome, msg }: LogLine, fates: Map<string, Fate>): void {
  if (typeof userId !== 'string') return;
  const isLinked = msg === LINKED && outcome === 'linked';
  if (!isLinked && msg !== REMOVED) return;
  if (typeof provider !== 'string') {
    fates.set(userId, { isForgotten: true, at: new Map() });
    return;
  }
  const fate = fates.get(userId) ?? { isForgotten: false, at: new Map() };
  fate.at.set(provider, isLinked ? 'linked' : 'removed');
  fates.set(userId, fate);
}

type LogLine = Readonly<Record<string, unknown>>;

/** Of one line, in front of which a container's log has the time or the name of the service. */
function fieldsOf(text: string | null): LogLine {
  try {
    const value: unknown = JSON.parse(text?.slice(text.indexOf('{')) ?? '');
    return typeof value === 'object' && value !== null ? (value as LogLine) : {};
  } catch {
    return {};
  }
}

/** The lines that `links.ts` writes. */
const REMOVED = 'links removed';
const LINKED = 'account linked by its person';
