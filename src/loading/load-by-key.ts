import DataLoader from 'dataloader';
import type { Soon } from './soon.ts';

/** One REST resource within one request: each key is asked for once, whoever asks. */
export interface Loader<V> {
  /** The value of a key, null when the provider has none. */
  load(key: string): Soon<V | null>;
}

/** A loader that asks for each key by itself. */
export interface EachLoader<V> extends Loader<V> {
  /** Makes the value of a key known without asking, over whatever was known before. */
  prime(key: string, value: V): void;
}

/** A loader that asks for many keys at once. */
export interface BatchLoader<V> extends Loader<V> {
  /** Afterwards `load` has the answer for each of these keys. Never rejects: a failure is its keys'. */
  loadAll(keys: readonly string[]): Promise<void>;
}

/** What a loader of many keys at once is made of. */
export interface ManyByKey<V> {
  /** The resource, such as `bird.users`; appears in errors. */
  name: string;
  /** How many keys the provider takes in one call. */
  maxBatchSize: number;
  /** One call for several distinct keys. The order of the answer is free; a key without an answer is left out. */
  fetch: (keys: readonly string[]) => Promise<Iterable<V>>;
  /** The key of an answered value. */
  keyOf: (value: V) => string;
}

/** Loads many keys with one call. Missing is null, an unexpected key is ignored, a key answered twice is an error. */
export function loadByKey<V>({ name, maxBatchSize, fetch, keyOf }: ManyByKey<V>): BatchLoader<V> {
  // What has been answered stands beside DataLoader, which makes a promise of whatever it is asked for.
  const known = new Map<string, V | null | Error>();
  let loader: DataLoader<string, V | null> | undefined;

  /** Never rejects: a failed call is the answer to each of its keys, which the request remembers and does not ask again. */
  async function batch(keys: readonly string[]): Promise<(V | null | Error)[]> {
    const byKey = new Map<string, V | Error>();
    try {
      for (const value of await fetch(keys)) {
        const key = keyOf(value);
        byKey.set(key, byKey.has(key) ? new Error(`${name} answered one key twice`) : value);
      }
    } catch (error) {
      for (const key of keys) byKey.set(key, error as Error);
    }
    return keys.map((key) => {
      const answer = byKey.get(key) ?? null;
      known.set(key, answer);
      return answer;
    });
  }

  return {
    load(key) {
      const answer = known.get(key);
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer !== undefined) return answer;
      // Most requests ask one key or none of most resources: made when the first is asked for.
      loader ??= new DataLoader(batch, { name, maxBatchSize });
      return loader.load(key);
    },
    async loadAll(keys) {
      // Together already: DataLoader would make four promises for each key.
      const asked = [...new Set(keys)].filter((key) => !known.has(key));
      const batches: Promise<unknown>[] = [];
      for (let from = 0; from < asked.length; from += maxBatchSize)
        batches.push(batch(asked.slice(from, from + maxBatchSize)));
      await Promise.all(batches);
    },
  };
}

/** Loads each key with a call of its own: one key's failure is its own. */
export function loadEach<V>(fetch: (key: string) => Soon<V | null>): EachLoader<V> {
  const known = new Map<string, Soon<V | null>>();
  const remember = (key: string, loading: Promise<V | null>): Promise<V | null> => {
    loading.then(
      (value) => known.get(key) === loading && known.set(key, value),
      () => {},
    );
    return loading;
  };

  return {
    load(key) {
      const found = known.get(key);
      if (found !== undefined) return found;
      const value = fetch(key);
      known.set(key, value);
      return value instanceof Promise ? remember(key, value) : value;
    },
    prime: (key, value) => void known.set(key, value),
  };
}
