/** Something that ends early when the operation it belongs to ends. */
export interface Endable {
  /** Called once, with the signal that fired. */
  end(signal: AbortSignal): void;
}

const watched = new WeakMap<AbortSignal, Set<Endable>>();

/**
 * Ends a thing when a signal fires, until it is deleted from the set returned. A signal gets one listener, however
 * many calls are made for its operation: adding to and removing from a signal's own listeners takes longer the more
 * there are, and `AbortSignal.any` never gives its memory back.
 */
export function watch(signal: AbortSignal, thing: Endable): Set<Endable> {
  const things = watched.get(signal) ?? listenTo(signal);
  return things.add(thing);
}

function listenTo(signal: AbortSignal): Set<Endable> {
  const things = new Set<Endable>();
  watched.set(signal, things);
  const endAll = (): void => things.forEach((thing) => thing.end(signal));
  signal.addEventListener('abort', endAll, { once: true });
  return things;
}
