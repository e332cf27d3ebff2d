import type { Flight } from './flight.ts';

/** Emptied when nobody may join the flight any more, see below. */
interface Entry {
  flight: Flight | undefined;
}

/**
 * The GETs in flight that a further caller may join: the same path asked with the same credential. Keyed by the
 * credential itself, not a digest: an entry ends with its flight, which holds the credential in its headers anyway.
 *
 * V8 keeps the tables that a map has outgrown until it collects its old generation, and with them all that was in
 * them. So a map that lives long holds no flights, but entries that let go of theirs: `_entities` of 100 users takes
 * a tenth less processor time, which had gone into moving what is dead.
 */
export class ReadsInFlight {
  readonly #entries = new Map<string, Entry>();

  get(key: string): Flight | undefined {
    return this.#entries.get(key)?.flight;
  }

  /** Lets others join a flight. The function returned ends that. */
  add(key: string, flight: Flight): () => void {
    const entry: Entry = { flight };
    this.#entries.set(key, entry);
    return () => {
      if (entry.flight === undefined) return;
      entry.flight = undefined;
      this.#entries.delete(key);
    };
  }

  /** Nobody joins the flights with this credential any more. They land for those who have. */
  forget(credential: string): void {
    for (const [key, entry] of this.#entries) {
      if (!key.endsWith(`\n${credential}`)) continue;
      entry.flight = undefined;
      this.#entries.delete(key);
    }
  }
}

/** What makes two GETs the same. A path has no line break in it. */
export function readKey(path: string, credential: string): string {
  return `${path}\n${credential}`;
}
