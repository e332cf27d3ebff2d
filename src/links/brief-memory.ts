import { LRUCache } from 'lru-cache';
import type { Soon } from '../loading/soon.ts';

/** What another process changes is seen after this time at the latest. */
const FOUND_MS = 5_000;
const ABSENT_MS = 1_000;
const ENTRIES = 10_000;

export interface LookUp<T> {
  /** Ids of any other form are absent without being looked up, and take no room. */
  readonly form: RegExp;
  /** Answers for many ids at once; what is not there is absent from the map. Of a value, this part may be enough. */
  readonly fetch: (ids: readonly string[], part?: string) => Soon<ReadonlyMap<string, T>>;
}

/** A look-up, and that it is to forget what it may remember. */
export interface Memory<T> {
  get(ids: readonly string[], part?: string): Soon<ReadonlyMap<string, T>>;
  forget(): void;
}

/**
 * A look-up that remembers nothing: in a file on this machine, for which it costs as much to remember as to look
 * again. To remember costs `_entities` of 100 users a tenth of their processor time, in memory that has to be moved.
 */
export function withoutMemory<T>({ fetch }: Pick<LookUp<T>, 'fetch'>): Memory<T> {
  return {
    get: (ids, part) => (ids.length === 0 ? new Map() : fetch(ids, part)),
    forget() {},
  };
}

/** A look-up that remembers for a short time what was found, all of it, and for a shorter one what was not. */
export class BriefMemory<T> implements Memory<T> {
  readonly #lookUp: LookUp<T>;
  readonly #entries: LRUCache<string, { readonly value: T | undefined }>;
  #forgotten = 0;

  constructor(lookUp: LookUp<T> & { readonly now: () => number }) {
    this.#lookUp = lookUp;
    const clock = { perf: { now: lookUp.now }, ttlResolution: 0 }; // 0: without a timer per millisecond
    this.#entries = new LRUCache({ max: ENTRIES, ttl: FOUND_MS, ...clock });
  }

  async get(ids: readonly string[]): Promise<ReadonlyMap<string, T>> {
    const found = new Map<string, T>();
    const unknown = new Set<string>();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (!entry) unknown.add(id);
      else if (entry.value !== undefined) found.set(id, entry.value);
    }
    const asked = [...unknown].filter((id) => this.#lookUp.form.test(id));
    if (asked.length === 0) return found;

    const before = this.#forgotten;
    const fetched = await this.#lookUp.fetch(asked);
    for (const id of asked) {
      const value = fetched.get(id);
      if (value !== undefined) found.set(id, value);
      // An answer that was on its way during a write may be from before it.
      if (this.#forgotten === before) {
        this.#entries.set(id, { value }, { ttl: value === undefined ? ABSENT_MS : FOUND_MS });
      }
    }
    return found;
  }

  forget(): void {
    this.#forgotten += 1;
    this.#entries.clear();
  }
}
