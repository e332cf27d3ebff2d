import DataLoader from 'dataloader';

/** One REST resource within one request: each key is asked for once, whoever asks. */
export interface Loader<V> {
  /** The value of a key, null when the provider has none. */
  load(key: string): Promise<V | null>;
  /** Makes the value of a key known without asking, over whatever was known before. */
  prime(key: string, value: V): void;
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
export function loadByKey<V>({ name, maxBatchSize, fetch, keyOf }: ManyByKey<V>): Loader<V> {
  const batch = async (keys: readonly string[]) => {
    const byKey = new Map<string, V | Error>();
    for (const value of await fetch(keys)) {
      const key = keyOf(value);
      byKey.set(key, byKey.has(key) ? new Error(`${name} answered one key twice`) : value);
    }
    return keys.map((key) => byKey.get(key) ?? null);
  };
  // A failed batch answers each of its keys with the failure, so that the request remembers it and does not ask again.
  const settled = (keys: readonly string[]) => batch(keys).catch((error: Error) => keys.map(() => error));
  return over(new DataLoader<string, V | null>(settled, { name, maxBatchSize }));
}

/** Loads each key with a call of its own: one key's failure is its own. */
export function loadEach<V>(name: string, fetch: (key: string) => Promise<V | null>): Loader<V> {
  return over(
    new DataLoader<string, V | null>(
      (keys) => Promise.all(keys.map((key) => fetch(key).catch((error: Error) => error))),
      { name },
    ),
  );
}

function over<V>(loader: DataLoader<string, V | null>): Loader<V> {
  return {
    load: (key) => loader.load(key),
    prime: (key, value) => void loader.clear(key).prime(key, value),
  };
}
