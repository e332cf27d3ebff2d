import { describe, expect, it } from 'vitest';
import { whenAllIsRead, whenAllIsReady } from '../../src/http/turns.ts';

/** Work that notes when it is done, and when what is to follow from it is. */
function noting(order: string[]) {
  return (name: string) => () => {
    order.push(name);
    void Promise.resolve().then(() => order.push(`after ${name}`));
  };
}

describe('what has been read', () => {
  it('is gone on with in a row, when reading is over, and before anything that follows from it', async () => {
    const order: string[] = [];
    const work = noting(order);
    whenAllIsRead(work('first'));
    whenAllIsRead(work('second'));
    await Promise.resolve();
    order.push('read');
    await new Promise(setImmediate);
    expect(order).toEqual(['read', 'first', 'second', 'after first', 'after second']);
  });

  it('is left for the next time when it comes of what is gone on with', async () => {
    const order: string[] = [];
    whenAllIsRead(() => {
      order.push('first');
      whenAllIsRead(() => order.push('third'));
    });
    whenAllIsRead(() => order.push('second'));
    await new Promise(setImmediate);
    expect(order).toEqual(['first', 'second']);
    await new Promise(setImmediate);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});

describe('what is to be sent', () => {
  it('is sent in a row, once promises have been gone through, and before anything else is read', async () => {
    const order: string[] = [];
    const work = noting(order);
    await new Promise<void>((done) => {
      setImmediate(() => {
        order.push('read');
        done();
      });
      setImmediate(() => order.push('read more'));
    });
    whenAllIsReady(work('first'));
    for (let step = 0; step < 10; step += 1) await Promise.resolve();
    whenAllIsReady(work('second'));
    order.push('ready');
    await new Promise(setImmediate);
    expect(order).toEqual(['read', 'ready', 'first', 'second', 'after first', 'after second', 'read more']);
  });
});
