import { cpus } from 'node:os';
import { isPinned, type ProgramName } from './processes.ts';

/** One server under one workload for one stretch of time. */
export interface Sample {
  round: number;
  server: string;
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
  name: string;
  before: number;
  after: number;
}

/** Workload → server → its ratio to the hand-written service. */
export type Ratios = Map<string, Map<string, number>>;

const yardstick: ProgramName = 'hand-written';
/** The most that can be done without GraphQL, with what this subgraph does to be fast. */
const limit: ProgramName = 'hand-written, in rows';
const ours: ProgramName = 'this subgraph';

/** The tables as Markdown. Ratios are medians of the ratios of each round, not ratios of medians. */
export function reportOf(
  samples: readonly Sample[],
  memory: readonly Memory[],
): { text: string; ratios: Ratios } {
  const names = memory.map(({ name }) => name);
  const workloads = [...new Set(samples.map(({ workload }) => workload))];
  const alone = [...new Set(samples.filter(({ hasCompany }) => !hasCompany).map(({ workload }) => workload))];
  const of = (server: string, workload: string) =>
    samples.filter((sample) => sample.server === server && sample.workload === workload);
  const middle = (server: string, workload: string, value: (sample: Sample) => number) =>
    median(of(server, workload).map(value));

  /** Of one server to another, the median of the rounds. */
  const ratio = (server: string, to: string, workload: string) => {
    const others = of(to, workload);
    return median(
      of(server, workload).map((sample, at) => sample.perCpuSecond / (others[at]?.perCpuSecond ?? NaN)),
    );
  };
  const ratios: Ratios = new Map(
    alone.map((workload) => [
      workload,
      new Map(names.map((name) => [name, ratio(name, yardstick, workload)])),
    ]),
  );
  const table = (cell: (server: string, workload: string) => string, columns = workloads) =>
    markdown(
      ['', ...columns],
      names.map((name) => [name, ...columns.map((workload) => cell(name, workload))]),
    );
  const perUser = alone.filter((workload) => workload.startsWith('N='));
  /** Of all rounds together: one stretch has a dozen of the largest requests. */
  const latencies = (server: string, workload: string) => {
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

## Ratio of this subgraph to each of the others

${markdown(
  ['', ...alone],
  names
    .filter((name) => name !== ours)
    .map((name) => [
      `to ${name}${name === limit ? ' (the limit)' : ''}`,
      ...alone.map((workload) => ratio(ours, name, workload).toFixed(2)),
    ]),
)}

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
