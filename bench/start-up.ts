import { check, Connection } from './load.ts';
import { openStage, residentMiB } from './processes.ts';
import { markdown, median } from './report.ts';
import { me } from './workloads.ts';

/** `npm run bench:start-up`: milliseconds from the start of the process to its first right answer. */
const starts = 7;

const stage = await openStage();
const rows = [
  await row('as usual', {}),
  await row('when nothing has been compiled before', { NODE_DISABLE_COMPILE_CACHE: '1' }),
];
await stage.end();
process.stdout.write(
  `${markdown(['First answer', 'median, ms', 'fastest', 'slowest', 'memory then, MiB'], rows)}\n`,
);

async function row(name: string, settings: Record<string, string>): Promise<string[]> {
  await firstAnswer(settings, 'SIGTERM'); // fills the caches, of files and of code: Node writes its own at exit
  const took: number[] = [];
  const memory: number[] = [];
  for (let start = 0; start < starts; start++) {
    const { ms, MiB } = await firstAnswer(settings);
    took.push(ms);
    memory.push(MiB);
  }
  return [
    name,
    ...[median(took), Math.min(...took), Math.max(...took), median(memory)].map((n) => n.toFixed(0)),
  ];
}

async function firstAnswer(
  settings: Record<string, string>,
  signal?: NodeJS.Signals,
): Promise<{ ms: number; MiB: number }> {
  const startedAt = performance.now();
  const server = await stage.start('this subgraph', settings);
  const connection = new Connection(server.port);
  const exchange = me(server.audience.turns.next(), 'graphql');
  check(exchange, await connection.ask(exchange.request));
  const ms = performance.now() - startedAt;
  const MiB = residentMiB(server.pid);
  connection.close();
  await server.stop(signal);
  return { ms, MiB };
}
