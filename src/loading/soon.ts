/** A value, or a promise of one that is not there yet. */
export type Soon<T> = T | Promise<T>;

/**
 * Goes on with a value as soon as it is there. What is there already is used at once: a promise that nobody has to
 * wait for costs as much as the field it is for, and a `User` has many.
 */
export function after<T, R>(value: Soon<T>, use: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/** What comes of some work, now or later; `recover` is told when it fails, now or later. */
export function recovering<T, R>(work: () => Soon<T>, recover: (error: unknown) => Soon<R>): Soon<T | R> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}
