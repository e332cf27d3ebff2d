import { setTimeout as sleep } from 'node:timers/promises';
import type { Soon } from '../loading/soon.ts';

/** For how long a statement is repeated that meets another process's write. */
const BUSY_MS = 2_000;

/** Waits for another process's write between short attempts, so that this process goes on serving meanwhile. */
export function untilNotBusy<T>(work: () => T): Soon<T> {
  try {
    return work();
  } catch (error) {
    if (!isBusy(error)) throw error;
    return onceNotBusy(work);
  }
}

async function onceNotBusy<T>(work: () => T): Promise<T> {
  const giveUpAt = performance.now() + BUSY_MS;
  for (;;) {
    await sleep(20);
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
    }
  }
}

/** SQLite's own result code, without what extends it: https://sqlite.org/rescode.html */
export function resultCodeOf(error: unknown): number | null {
  const errcode = (error as { errcode?: unknown } | null)?.errcode;
  return typeof errcode === 'number' ? errcode & 0xff : null;
}

const SQLITE_BUSY = 5;
const SQLITE_CONSTRAINT_UNIQUE = 2067;

/** Whether another process is writing. */
export function isBusy(error: unknown): boolean {
  return resultCodeOf(error) === SQLITE_BUSY;
}

/** Whether a row was refused because another has what may be there once only. */
export function isTaken(error: unknown): boolean {
  return (error as { errcode?: unknown } | null)?.errcode === SQLITE_CONSTRAINT_UNIQUE;
}
