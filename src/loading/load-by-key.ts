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
  const known = new Map<string, V | null>();

  async function batch(keys: readonly string[]): Promise<(V | null | Error)[]> {
    const byKey = new Map<string, V | Error>();
    for (const value of await fetch(keys)) {
      const key = keyOf(value);
      byKey.set(key, byKey.has(key) ? new Error(`${name} answered one key twice`) : value);
    }
    return keys.map((key) => byKey.get(key) ?? null);
  }

  const loader = new DataLoader<string, V | null>(
    async (keys) => {
      // A failed batch answers each of its keys with the failure, so that the request remembers it and does not ask again.
      const answers = await batch(keys).catch((error: Error) => keys.map(() => error));
      for (const [index, key] of keys.entries()) {
        const answer = answers[index] ?? null;
        if (!(answer instanceof Error)) known.set(key, answer);
      }
      return answers;
    },
    { name, maxBatchSize },
  );

  return {
    load: (key) => known.get(key) ?? (known.has(key) ? null : loader.load(key)),
    loadAll: async (keys) => void (await loader.loadMany(keys)),
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
