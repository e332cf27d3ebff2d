import { Client } from 'undici';
import { connectBy, type Way } from './connect.ts';
import { whenAllIsRead } from './turns.ts';

/** How many connections to a provider there may be, and how many calls may wait for one. */
export interface ConnectionLimits extends Way {
  connections: number;
  queue: number;
}

/** A place in line. Emptied when it is left, because what a set once held may live long (see `ReadsInFlight`). */
interface Place {
  granted: ((connection: Connection) => void) | undefined;
}

/** Kept alive, HTTP/1.1, one request at a time. Opened when the first is sent, and anew whenever it has broken. */
export type Connection = Client;

const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * The connections to one provider and its bulkhead: as many calls on the wire as there may be connections, a bounded
 * line of waiting ones in the order they came, and nothing beyond. Our own rather than undici's pool, whose queue has
 * no bound and keeps calls that nobody waits for any more, and which looks for a free connection one by one.
 */
export class Connections {
  readonly #line = new Set<Place>();
  readonly #limits: ConnectionLimits;
  readonly #make: () => Connection;
  readonly #all: Connection[] = [];
  /** The one used last is used next: those that are not needed come to rest, and are closed. */
  readonly #free: Connection[] = [];
  /** How many have been given back within this turn of the event loop. */
  #resting = 0;

  constructor(origin: string, limits: ConnectionLimits) {
    this.#limits = limits;
    const connect = connectBy(limits);
    this.#make = () =>
      new Client(origin, {
        connect,
        pipelining: 1,
        allowH2: false,
        // Off: both start anew with each byte, so that the limit over the whole call always comes first.
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: MAX_RESPONSE_BYTES,
      });
  }

  /** Connections that a call has. */
  get taken(): number {
    return this.#all.length - this.#free.length - this.#resting;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#all.filter(({ stats }) => stats.connected).length;
  }

  /** Calls in line. */
  get waiting(): number {
    return this.#line.size;
  }

  /** Whether the line has no place left. */
  get isFull(): boolean {
    return this.#line.size >= this.#limits.queue + this.#resting;
  }

  /** Takes a connection, if one is free or may be made. */
  take(): Connection | undefined {
    const free = this.#free.pop();
    if (free || this.#all.length >= this.#limits.connections) return free;
    const made = this.#make();
    this.#all.push(made);
    return made;
  }

  /** Stands in line: `granted` is called with a connection. The function returned leaves the line. */
  wait(granted: (connection: Connection) => void): () => void {
    const place: Place = { granted };
    this.#line.add(place);
    return () => {
      this.#line.delete(place);
      place.granted = undefined;
    };
  }

  /**
   * Gives a connection back, to whoever has waited longest. They have it at the end of this turn of the event loop: by
   * then the breaker has learned from the call that has ended, and a provider that closes with its answer has closed.
   */
  release(connection: Connection): void {
    this.#resting += 1;
    whenAllIsRead(() => {
      this.#resting -= 1;
      this.#handOver(connection);
    });
  }

  /** Waits for the calls under way. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.close()));
  }

  #handOver(connection: Connection): void {
    for (const place of this.#line) {
      const { granted } = place;
      this.#line.delete(place);
      place.granted = undefined;
      if (granted) return granted(connection);
    }
    this.#free.push(connection);
  }
}
