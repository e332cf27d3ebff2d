import DataLoader from 'dataloader';
import { after, recovering, type Soon } from './soon.ts';

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
  /** Afterwards `load` has the answer for each of these keys. Never fails: a failure is its keys'. */
  loadAll(keys: readonly string[]): Soon<undefined>;
}

/** What one call for many keys came to. The order of the values is free. */
export interface Found<V> {
  values: Iterable<V>;
  /** What it means that a key has no value: without this, that there is none. */
  missing?: Error | undefined;
}

/** What a loader of many keys at once is made of. */
export interface ManyByKey<V> {
  /** The resource, such as `bird.users`; appears in errors. */
  name: string;
  /** How many keys the provider takes in one call. */
  maxBatchSize: number;
  /** Answered at once: then one key does not wait for others. */
  isAtHand?: boolean;
  /** One call for several distinct keys. */
  fetch: (keys: readonly string[]) => Soon<Found<V>>;
  /** Whether a failure is of having asked for many: then each half is asked for by itself. */
  isOfMany?: (missing: Error) => boolean;
  /** The key of an answered value. */
  keyOf: (value: V) => string;
}

/** Calls at most that one batch is split into: finding the one of a hundred that is too much takes fifteen. */
const MOST_SPLIT_CALLS = 24;

/** Loads many keys with one call. Missing is null, an unexpected key is ignored, a key answered twice is an error. */
export function loadByKey<V>({
  name,
  maxBatchSize,
  isAtHand,
  fetch,
  isOfMany,
  keyOf,
}: ManyByKey<V>): BatchLoader<V> {
  // What has been answered stands beside DataLoader, which makes a promise of whatever it is asked for.
  const known = new Map<string, V | null | Error>();
  let loader: DataLoader<string, V | null> | undefined;

  /** Never fails: a failed call is the answer to each of its keys, which the request remembers and does not ask again. */
  function batch(keys: readonly string[], calls = { left: MOST_SPLIT_CALLS }): Soon<Answer<V>[]> {
    return recovering(
      () =>
        after(fetch(keys), (found) => {
          const isToSplit = found.missing && isOfMany?.(found.missing) && keys.length > 1 && calls.left >= 2;
          return isToSplit ? inHalves(keys, calls) : answersIn(keys, found);
        }),
      (error) => keys.map((key) => remembered(key, error as Error)),
    );
  }

  async function inHalves(keys: readonly string[], calls: { left: number }): Promise<Answer<V>[]> {
    calls.left -= 2;
    const middle = keys.length >> 1;
    const halves = [keys.slice(0, middle), keys.slice(middle)];
    return (await Promise.all(halves.map(async (half) => batch(half, calls)))).flat();
  }

  function answersIn(keys: readonly string[], { values, missing }: Found<V>): Answer<V>[] {
    const byKey = new Map<string, V | Error>();
    for (const value of values) {
      const key = keyOf(value);
      byKey.set(key, byKey.has(key) ? new Error(`${name} answered one key twice`) : value);
    }
    return keys.map((key) => remembered(key, byKey.get(key) ?? missing ?? null));
  }

  function remembered(key: string, answer: Answer<V>): Answer<V> {
    known.set(key, answer);
    return answer;
  }

  return {
    load(key) {
      const answer = known.get(key);
      if (answer !== undefined) return valueOf(answer);
      if (isAtHand) return after(batch([key]), ([found = null]) => valueOf(found));
      // Most requests ask one key or none of most resources: made when the first is asked for.
      loader ??= new DataLoader(async (keys) => batch(keys), { name, maxBatchSize });
      return loader.load(key);
    },
    loadAll(keys) {
      // Together already: DataLoader would make four promises for each key.
      const asked = [...new Set(keys)].filter((key) => !known.has(key));
      const waiting: Promise<unknown>[] = [];
      for (let from = 0; from < asked.length; from += maxBatchSize) {
        const answers = batch(asked.slice(from, from + maxBatchSize));
        if (answers instanceof Promise) waiting.push(answers);
      }
      return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
    },
  };
}

type Answer<V> = V | null | Error;

function valueOf<V>(answer: Answer<V>): Soon<V | null> {
  return answer instanceof Error ? Promise.reject(answer) : answer;
}

/** Loads each key with a call of its own: one key's failure is its own. */
export function loadEach<V>(fetch: (key: string) => Soon<V | null>): EachLoader<V> {
  // In cells, which an answer is put into without another look into the map.
  const known = new Map<string, { value: Soon<V | null> }>();

  return {
    load(key) {
      const found = known.get(key);
      if (found) return found.value;
      const value = fetch(key);
      const cell = { value };
      known.set(key, cell);
      if (value instanceof Promise) value.then((answer) => void (cell.value = answer), nothing);
      return value;
    },
    prime: (key, value) => void known.set(key, { value }),
  };
}

/** A failure is told to whoever waits for the value. */
function nothing(): void {}
