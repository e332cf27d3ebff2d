import type { Readable } from '../http/decode.ts';
import type { Found } from './load-by-key.ts';

/** One page of a list. */
export interface Page<V, At> {
  values: Readable<V>;
  /** Where the next page is, null when this was the last. */
  next: At | null;
}

/** A list that is answered page by page, and how far it is read. */
export interface PagedList<V, At> {
  first: At;
  page: (at: At) => Promise<Page<V, At>>;
  mostPages: number;
  keyOf: (value: V) => string;
  /** What it means that a key was not found in a list of which not everything was read. */
  unclear: () => Error;
}

/**
 * Reads a list until all keys are found or it ends. What is found stays found when a further page cannot be had: only
 * of the others nobody knows then.
 */
export async function findInPages<V, At>(
  keys: readonly string[],
  { first, page, mostPages, keyOf, unclear }: PagedList<V, At>,
): Promise<Found<V>> {
  const wanted = new Set(keys);
  const found: V[] = [];
  let isWhole = true;
  let next: At | null = first;
  try {
    for (let pages = 0; wanted.size > 0 && next !== null && pages < mostPages; pages++) {
      const { values, next: following }: Page<V, At> = await page(next);
      for (const value of values.items) if (wanted.delete(keyOf(value))) found.push(value);
      isWhole &&= values.unreadable === 0;
      next = following;
    }
  } catch (error) {
    return { values: found, missing: error as Error };
  }
  // Whoever is missing may be among those who could not be read, or behind the last page that was looked at.
  const isUnclear = wanted.size > 0 && !(isWhole && next === null);
  return { values: found, missing: isUnclear ? unclear() : undefined };
}
