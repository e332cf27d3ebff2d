/**
 * The bulkhead of one provider: as many calls on the wire as it has connections, a bounded line of waiting ones in
 * the order they came, and nothing beyond. Our own rather than the pool's queue, which has no bound and keeps calls
 * that nobody waits for any more.
 */
export class Slots {
  readonly #line = new Set<() => void>();
  readonly #connections: number;
  readonly #queue: number;
  #taken = 0;

  constructor({ connections, queue }: { connections: number; queue: number }) {
    this.#connections = connections;
    this.#queue = queue;
  }

  /** Slots in use. */
  get taken(): number {
    return this.#taken;
  }

  /** Calls in line. */
  get waiting(): number {
    return this.#line.size;
  }

  /** Whether the line has no place left. */
  get isFull(): boolean {
    return this.#line.size >= this.#queue;
  }

  /** Takes a slot, if one is free. */
  take(): boolean {
    if (this.#taken >= this.#connections) return false;
    this.#taken += 1;
    return true;
  }

  /** Stands in line: `granted` is called with the slot taken. The function returned leaves the line. */
  wait(granted: () => void): () => void {
    this.#line.add(granted);
    return () => this.#line.delete(granted);
  }

  /**
   * Gives a slot back, to whoever has waited longest. They have it a turn of the event loop later: by then the breaker
   * has learned from the call that has ended, and undici is ready to use its connection again.
   */
  release(): void {
    if (this.#line.size === 0) this.#taken -= 1;
    else setImmediate(() => this.#handOver());
  }

  #handOver(): void {
    for (const granted of this.#line) {
      this.#line.delete(granted);
      return granted();
    }
    this.#taken -= 1;
  }
}
