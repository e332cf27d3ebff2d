import type { Flight } from './flight.ts';

/**
 * The GETs in flight that a further caller may join: the same path asked with the same credential. Keyed by the
 * credential itself, not a digest: an entry ends with its flight, which holds the credential in its headers anyway.
 */
export class ReadsInFlight {
  readonly #byCredential = new Map<string, Map<string, Flight>>();

  get(credential: string, path: string): Flight | undefined {
    return this.#byCredential.get(credential)?.get(path);
  }

  /** Lets others join what `open` makes, until the function it is given is called. */
  add(credential: string, path: string, open: (close: () => void) => Flight): Flight {
    const paths = this.#byCredential.get(credential) ?? new Map<string, Flight>();
    const flight: Flight = open(() => {
      if (paths.get(path) === flight) paths.delete(path);
      if (paths.size === 0 && this.#byCredential.get(credential) === paths)
        this.#byCredential.delete(credential);
    });
    this.#byCredential.set(credential, paths.set(path, flight));
    return flight;
  }

  /** Nobody joins the flights with this credential any more. They land for those who have. */
  forget(credential: string): void {
    this.#byCredential.delete(credential);
  }
}
