import { cpus } from 'node:os';
import { isPinned, type ProgramName, programs } from './processes.ts';

/** One server under one workload for one stretch of time. */
export interface Sample {
  round: number;
  server: ProgramName;
  workload: string;
  /** Users in one request. */
  users: number;
  /** Whether it had others to answer beside these: then its processor time is not theirs alone. */
  hasCompany: boolean;
  /** Requests answered in a second. */
  perSecond: number;
  /** Requests answered in a second of processor time: what a core of its own would do. */
  perCpuSecond: number;
  /** Processor time per second. */
  busy: number;
  /** Milliseconds of each answer. */
  latencies: readonly number[];
}

/** Resident memory, in MiB. */
export interface Memory {
  name: ProgramName;
  before: number;
  after: number;
}

/** Workload → server → its ratio to the hand-written service. */
export type Ratios = Map<string, Map<ProgramName, number>>;

const names = Object.keys(programs) as ProgramName[];
const yardstick: ProgramName = 'hand-written';

/** The tables as Markdown. Ratios are medians of the ratios of each round, not ratios of medians. */
export function reportOf(
  samples: readonly Sample[],
  memory: readonly Memory[],
): { text: string; ratios: Ratios } {
  const workloads = [...new Set(samples.map(({ workload }) => workload))];
  const alone = [...new Set(samples.filter(({ hasCompany }) => !hasCompany).map(({ workload }) => workload))];
  const of = (server: ProgramName, workload: string) =>
    samples.filter((sample) => sample.server === server && sample.workload === workload);
  const middle = (server: ProgramName, workload: string, value: (sample: Sample) => number) =>
    median(of(server, workload).map(value));

  const ratios: Ratios = new Map(
    alone.map((workload) => {
      const own = of(yardstick, workload);
      const ratioOf = (server: ProgramName) =>
        median(
          of(server, workload).map((sample, at) => sample.perCpuSecond / (own[at]?.perCpuSecond ?? NaN)),
        );
      return [workload, new Map(names.map((name) => [name, ratioOf(name)]))];
    }),
  );
  const table = (cell: (server: ProgramName, workload: string) => string, columns = workloads) =>
    markdown(
      ['', ...columns],
      names.map((name) => [name, ...columns.map((workload) => cell(name, workload))]),
    );
  const perUser = alone.filter((workload) => workload.startsWith('N='));
  /** Of all rounds together: one stretch has a dozen of the largest requests. */
  const latencies = (server: ProgramName, workload: string) => {
    const sorted = of(server, workload)
      .flatMap((sample) => sample.latencies)
      .toSorted((a, b) => a - b);
    return [0.5, 0.99]
      .map((share) => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1))
      .join(' / ');
  };

  const text = `# Benchmark

Made by \`npm run bench\` on ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}; ${isPinned ? 'each server has one core, the load and the providers have the other' : 'the servers share their cores with the load: taskset or a second core is missing'}. What is compared,
and how, is in [performance.md](performance.md).

![Ratios to the hand-written service](benchmark.svg)

## Ratio to the hand-written service

Requests per second of the server's processor time; medians of the ratios of ${new Set(samples.map(({ round }) => round)).size} rounds.

${table((server, workload) => (ratios.get(workload)?.get(server) ?? NaN).toFixed(2), alone)}

## Processor time of one request, in µs

${table((server, workload) => (1e6 / middle(server, workload, ({ perCpuSecond }) => perCpuSecond)).toFixed(0), alone)}

## The same for each user of it

${markdown(
  ['', ...perUser],
  names.map((name) => [
    name,
    ...perUser.map((workload) =>
      middle(name, workload, ({ perCpuSecond, users }) => 1e6 / perCpuSecond / users).toFixed(1),
    ),
  ]),
)}

## Requests answered in a second, and how busy the core was

${table((server, workload) => `${middle(server, workload, ({ perSecond }) => perSecond).toFixed(0)} (${(100 * middle(server, workload, ({ busy }) => busy)).toFixed(0)} %)`)}

## Latency, median and 99th percentile in ms, with the server as busy as that

${table(latencies)}

## Resident memory in MiB, after warming up and at the end

${markdown(
  ['', 'after warming up', 'at the end'],
  memory.map(({ name, before, after }) => [name, before.toFixed(0), after.toFixed(0)]),
)}
`;
  return { text, ratios };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}

/** A table with its columns aligned, as a person would write it. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
