/**
 * Work of one kind, done in a row. What comes one by one, and is done one by one, goes each time through code that the
 * one before has pushed out of the processor's caches; in a row, the second finds there what the first has fetched
 * ("Using Cohort Scheduling to Enhance Server Performance", Larus and Parkes, USENIX 2002). Nothing waits for time to
 * pass: what has come alone is done at once.
 *
 * Measured with 32 requests at a time: `me` and an operation for one user take a quarter less processor time each.
 */
function inARow(begin: (doAll: () => void) => void): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  function doAll(): void {
    const works = waiting;
    waiting = [];
    for (const work of works) work();
  }
  return (work) => {
    if (waiting.push(work) === 1) begin(doAll);
  };
}

/** For what has come over a socket: when everything that has come until now has been read. */
export const whenAllIsRead = inARow(setImmediate);

/** For what is to be sent: when everything that is under way, promises included, has come as far as it can. */
export const whenAllIsReady = inARow(process.nextTick);
