import { setTimeout as delay } from 'node:timers/promises';
import { startSimulators } from '../test/simulators/index.ts';
import { startProbedService } from './probed-service.ts';

/**
 * The third part of `npm run bench:refusals`: what 500 of the largest operations leave in memory that are allowed, each
 * asked three times of a process that has just started. Most of what is resident right after them is what V8 has needed
 * between two collections, for requests of which no plan is kept too, and gives back once it has nothing to do. What is
 * held is the heap after a collection.
 */
const MOST_LEFT_MIB = 48;
/** V8 looks for memory to give back when a process has hardly made anything for eight seconds. */
const REST_MS = 10_000;

const repeated = (count: number, of: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at)).join(' ');
/** Of three kinds: each of what a plan holds most of. */
const largest = [
  (name: number) => `{ me { ${repeated(640, (at) => `a${name}x${at}: id`)} } }`,
  (name: number) => `{ me { ${repeated(240, (at) => `o${name}x${at}: organization { id name }`)} } }`,
  (name: number) => `{ ${repeated(135, (at) => `u${name}x${at}: user(id: "${at}") { id name }`)} }`,
];
const large = (name: number) => largest[name % largest.length]?.(name) ?? '';

const workloads: Record<string, (name: number) => string> = {
  'the largest that are allowed': large,
  'the same with a field that is none: refused': (name) => large(name).replace('id', 'no'),
  'the same three again and again': (name) => large(name % largest.length),
  'small ones': (name) => `{ me { a${name}: id } }`,
};

const simulators = await startSimulators();
let left = 0;
for (const [name, queryOf] of Object.entries(workloads)) {
  const service = await startProbedService(simulators);
  for (let time = 0; time < 300; time++) await service.ask({ query: '{ me { name } }' });
  const before = { heap: await service.heapMiB(), resident: service.residentMiB() };
  for (let at = 0; at < 500; at++)
    for (let time = 0; time < 3; time++) await service.ask({ query: queryOf(at) });
  const atOnce = service.residentMiB() - before.resident;
  await delay(REST_MS);
  const resident = service.residentMiB() - before.resident;
  const heap = (await service.heapMiB()) - before.heap;
  if (queryOf === large) left = Math.max(heap, resident);
  const shown = [heap, atOnce, resident].map((mib) => mib.toFixed(0).padStart(4));
  console.log(
    `500 × 3, ${name.padEnd(44)} ${shown[0]} MiB more held, ${shown[1]} more resident, ${shown[2]} after ten seconds of rest`,
  );
  service.stop();
}
await simulators.close();
console.log(`${left <= MOST_LEFT_MIB ? 'No more' : 'More'} than ${MOST_LEFT_MIB} MiB are left.`);
process.exitCode = left <= MOST_LEFT_MIB ? 0 : 1;
