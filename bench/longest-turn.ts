/**
 * Loaded into a service under measurement (`--import`): tells, when asked over its channel, the longest piece of work
 * since the last time that it was asked, in ms of processor time. A neighbour that keeps the processor does not count.
 */
let before = process.threadCpuUsage();
let longest = 0;

setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  longest = Math.max(longest, user + system);
  before = process.threadCpuUsage();
}, 1).unref();

process.on('message', () => {
  process.send?.({ longestTurnMs: longest / 1_000 });
  longest = 0;
});
process.channel?.unref();
