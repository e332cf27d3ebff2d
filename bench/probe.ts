import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded into a service under measurement (`--import`): tells over its channel, when it is asked, the longest piece of
 * work since the last time, in ms of processor time (a neighbour that keeps the processor does not count; the clock may
 * have ticks of 4 ms), or the bytes of its heap that are in use when all garbage has been collected.
 */
let before = process.threadCpuUsage();
let longest = 0;

setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  longest = Math.max(longest, user + system);
  before = process.threadCpuUsage();
}, 1).unref();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const figures: Record<string, () => number> = {
  longestTurnMs() {
    const ms = longest / 1_000;
    longest = 0;
    return ms;
  },
  heapBytes() {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  },
};

process.on('message', (name: string) => void process.send?.(figures[name]?.() ?? null));
process.channel?.unref();
