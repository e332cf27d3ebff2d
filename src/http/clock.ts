/** The time, as far as upstreams need it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  setTimeout(act: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout): void;
}

export const systemClock: Clock = { now: () => performance.now(), setTimeout, clearTimeout };
