import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLoad } from './load.ts';
import { barsSvg } from './plot.ts';
import { cpuSeconds, openStage, type ProgramName, programs, residentMiB, type Server } from './processes.ts';
import { type Memory, reportOf, type Sample } from './report.ts';
import { type Workload, workloads } from './workloads.ts';

/**
 * `npm run bench`: this subgraph against its rivals, in turns (A B C D A B C D …), so that whatever else the machine
 * does meets all of them alike. `--quick` takes less than a minute, prints and writes nothing. `--against FOLDER` lets
 * another version of this subgraph take part, of which the folder is a checkout with its packages installed.
 */
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, against: { type: 'string' } },
});
const plan = options.quick
  ? { starts: 1, rounds: 2, warmUps: 1, warmUpSeconds: 4, settleMs: 50, sliceSeconds: 0.25, patience: 2 }
  : { starts: 3, rounds: 7, warmUps: 2, warmUpSeconds: 24, settleMs: 100, sliceSeconds: 0.35, patience: 4 };

const mercurius = new URL('rivals/mercurius/', import.meta.url).pathname;
if (!existsSync(`${mercurius}node_modules`))
  execFileSync('npm', ['ci'], { cwd: mercurius, stdio: 'inherit' });

/** `me` on most connections while two others never stop asking for a hundred users. */
const beside = { ...workloads.me, name: 'me beside N=100', connections: 16 };
const measured: readonly Workload[] = [...Object.values(workloads), beside];

const stage = await openStage();
const samples: Sample[] = [];
let memory: Memory[] = [];
for (let start = 0; start < plan.starts; start++) await measureAll(start * plan.rounds);
await stage.end();

const { text, ratios } = reportOf(samples, memory);
process.stdout.write(text);
if (!options.quick) {
  const docs = new URL('../docs/', import.meta.url);
  mkdirSync(docs, { recursive: true });
  writeFileSync(new URL('benchmark.md', docs), text);
  writeFileSync(new URL('benchmark.svg', docs), barsSvg(ratios));
}

/**
 * Starts all of them, measures and ends them. More than once: how fast a process becomes is also a matter of luck (what
 * V8 compiles first, where its memory lies), by a tenth and for as long as it lives.
 */
async function measureAll(firstRound: number): Promise<void> {
  const servers: Server[] = [];
  for (const name of Object.keys(programs) as ProgramName[]) servers.push(await stage.start(name));
  if (options.against !== undefined)
    servers.push({
      ...(await stage.start('this subgraph', {}, resolve(options.against))),
      name: 'the other version',
    });
  for (let time = 0; time < plan.warmUps; time++) for (const server of servers) await warmUp(server);
  const before = servers.map(({ pid }) => residentMiB(pid));
  for (let round = firstRound; round < firstRound + plan.rounds; round++) {
    for (const workload of measured) {
      // Back and forth, so that nobody always follows the same one.
      for (const server of round % 2 === 0 ? servers : servers.toReversed())
        samples.push({ round, ...(await measure(server, workload)) });
    }
    process.stderr.write(`round ${round + 1} of ${plan.starts * plan.rounds}\n`);
  }
  memory = servers.map(({ name, pid }, at) => ({
    name,
    before: before[at] ?? Number.NaN,
    after: residentMiB(pid),
  }));
  for (const server of servers) await server.stop();
}

/**
 * A server runs for days: measured is what it does when V8 has compiled all of it as well as it will, which takes some
 * 50,000 operations. Each workload gets its share of the time. More than once, because what V8 makes of the first
 * workload it makes anew when it has seen the others.
 */
async function warmUp(server: Server): Promise<void> {
  for (const workload of Object.values(workloads)) {
    const load = startLoad(server, workload);
    await hasWorked(server, plan.warmUpSeconds / Object.keys(workloads).length);
    await load.stop();
  }
}

async function measure(server: Server, workload: Workload): Promise<Omit<Sample, 'round'>> {
  const background = workload === beside ? startLoad(server, { ...workloads.hundred, connections: 2 }) : null;
  const load = startLoad(server, workload);
  await delay(plan.settleMs);
  load.reset();
  const cpuBefore = cpuSeconds(server.pid);
  await hasWorked(server, plan.sliceSeconds);
  const cpu = cpuSeconds(server.pid) - cpuBefore;
  const { answered, seconds, latencies } = await load.stop();
  await background?.stop();
  return {
    server: server.name,
    workload: workload.name,
    users: workload.users,
    hasCompany: background !== null,
    perSecond: answered / seconds,
    perCpuSecond: answered / cpu,
    busy: cpu / seconds,
    latencies,
  };
}

/**
 * Until a server has had so many seconds of processor time. On a machine that has other things to do that takes
 * longer; past `patience` times as long the rest is let go.
 */
async function hasWorked({ pid }: Server, seconds: number): Promise<void> {
  const end = cpuSeconds(pid) + seconds;
  const latest = performance.now() + plan.patience * seconds * 1_000;
  while (cpuSeconds(pid) < end && performance.now() < latest) await delay(10);
}
