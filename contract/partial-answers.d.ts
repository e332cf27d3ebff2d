/** An entry of an answer's `errors`, as it comes from the server; each client's own class of it fits. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: { readonly [name: string]: unknown } | undefined;
}

/**
 * What caches forget of an answer in which a provider is missing: which of the nulls are errors, whoever reads them, and
 * what was there before. One for each person who is logged in, between the cache and the network.
 */
export declare class PartialAnswers {
  /**
   * Takes an answer as it comes from the network, and returns its data with the last known part in the place of each null
   * whose error is worth a retry: that part is old, and `troubleAt` says so. Other errors (private, not signed in) leave the null.
   *
   * @param query - What tells this query and its variables from others. Without it, it is the answer of a mutation: nothing
   *   is put in, and what it has changed is known no more.
   */
  heard<T>(
    answer: { data?: T | undefined; errors?: readonly AnswerError[] | undefined },
    query?: string | number,
  ): T;

  /**
   * Why a field of an object is missing or old, whichever query has asked for it: `troubleAt(user, 'billing')`. The
   * object has its `__typename` and `id`; without an object it is a field of `Query` or `Mutation`. Of an object
   * without an id, say the way from the nearest with one: `troubleAt(user, 'billing.activePlan')`. Fields go by their
   * names in the answer, so an alias counts as a name of its own.
   */
  troubleAt(object: object | null | undefined, field: string): AnswerError | undefined;

  /** Tells of each answer, until what it returns is called; for React's `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
}
