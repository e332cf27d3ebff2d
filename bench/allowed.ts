import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isObjectType } from 'graphql';
import { buildSchema } from '../src/graphql/schema.ts';
import { sessionsOf } from '../test/simulators/bird-data.ts';
import { ada, numbered, startSimulators } from '../test/simulators/index.ts';
import { everything } from '../test/support/everything.ts';
import { type Asked, startProbedService } from './probed-service.ts';

/**
 * The second half of `npm run bench:refusals`: what the worst operations cost that are allowed. The service is a process
 * of its own, warmed up; each operation is sent five times, so that it is answered by Apollo Server and by its plan.
 * Linux: processor time and memory are read in /proc.
 */
const TIMES = 5;
const MOST_CPU_MS = 250;
const MOST_MEMORY_MIB = 32;
const MOST_LIVEZ_MS = 300;
/** Of processor time, which neighbours do not change as they do what a health check takes. */
const MOST_TURN_MS = 50;
const MIB = 1024 * 1024;

const aliases = (count: number, field: string, prefix = 'a') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}: ${field}`).join(' ');
const entities = (selection: string) =>
  `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } }`;
const references = (userIds: readonly string[]) => ({
  of: userIds.map((id) => ({ __typename: 'User', id })),
});
const others = (count: number) =>
  Array.from({ length: count }, (_, at) => numbered(1_001 + (at % 100)).userId);
const adas = (count: number) => Array.from({ length: count }, () => ada.userId);
const User = buildSchema().getType('User');
if (!isObjectType(User)) throw new Error('There is no User.');

const operations: Record<string, Asked> = {
  '500 people × 48 private fields': {
    query: entities(aliases(48, 'email')),
    variables: references(others(500)),
  },
  '… under names of 100 characters': {
    query: entities(aliases(48, 'email', 'a'.repeat(97))),
    variables: references(others(500)),
  },
  '500 people × 48 names': { query: entities(aliases(48, 'name')), variables: references(others(500)) },
  '16 MiB of a long text': { query: entities(aliases(6, 'bio')), variables: references(adas(500)) },
  'more than 16 MiB of it': { query: entities(aliases(48, 'bio')), variables: references(adas(500)) },
  '500 sessions under 25 names': { query: `{ me { ${aliases(25, 'sessions { id }')} } }` },
  '500 sessions under 90 names': { query: `{ me { ${aliases(90, 'sessions { id ip }')} } }` },
  'the SDL under 300 names': { query: `{ ${aliases(300, '_service { sdl }')} }` },
  '500 references that cannot be right': {
    query: entities('id'),
    variables: references(Array(500).fill('x')),
  },
  'all there is of 100 people': {
    query: entities(everything(User, ['sessions'])),
    variables: references(others(100)),
    asOperator: true,
  },
};

const simulators = await startSimulators();
const bio = 'b'.repeat(5_000);
simulators.bird.answers(200, { path: /^\/me$/, body: { ...simulators.bird.user(ada), bio } });
simulators.bird.answers(200, {
  path: /sessions/,
  body: Array.from({ length: 500 }, (_, at) => ({
    ...sessionsOf(ada)[0],
    id: numbered(100_001 + at).userId,
  })),
});
const service = await startProbedService(simulators);
const { ask, cpuMs, longestTurnMs, residentMiB } = service;

/** The longest that a health check takes while something else is answered, in ms. */
async function worstHealthDuring(work: Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  let worst = 0;
  void work.finally(() => (state.isOver = true));
  while (!state.isOver) {
    const began = performance.now();
    await (await fetch(`${service.url}/livez`)).arrayBuffer();
    worst = Math.max(worst, performance.now() - began);
    await delay(5);
  }
  return worst;
}

for (let round = 0; round < 300; round++) await ask({ query: '{ me { name organization { name } } }' });
for (const operation of Object.values(operations)) await ask(operation);
await delay(1_000);

let isWithin = true;
for (const [name, operation] of Object.entries(operations)) {
  const figures = { cpu: 0, memory: 0, livez: 0, turn: 0 };
  let last = { status: 0, bytes: 0 };
  for (let time = 0; time < TIMES; time++) {
    const unseen = {
      ...operation,
      query: time < 2 ? `${operation.query} # ${time}` : `${operation.query} #`,
    };
    await longestTurnMs();
    writeFileSync(`/proc/${service.pid}/clear_refs`, '5'); // the high-water mark is now what is used
    const before = { cpu: cpuMs(), memory: residentMiB() };
    const asked = ask(unseen);
    const livez = await worstHealthDuring(asked);
    last = await asked;
    figures.cpu = Math.max(figures.cpu, cpuMs() - before.cpu);
    figures.memory = Math.max(figures.memory, residentMiB('VmHWM') - before.memory);
    figures.turn = Math.max(figures.turn, await longestTurnMs());
    figures.livez = Math.max(figures.livez, livez);
    await delay(300);
  }
  isWithin &&=
    figures.cpu <= MOST_CPU_MS &&
    figures.memory <= MOST_MEMORY_MIB &&
    figures.livez <= MOST_LIVEZ_MS &&
    figures.turn <= MOST_TURN_MS;
  console.log(
    `${name.padEnd(36)} HTTP ${last.status} ${(last.bytes / MIB).toFixed(2).padStart(6)} MiB   worst of ${TIMES}: ${String(figures.cpu).padStart(4)} ms processor time, ${figures.memory.toFixed(1).padStart(5)} MiB more memory, longest turn ${figures.turn.toFixed(0).padStart(3)} ms, /livez ${figures.livez.toFixed(0).padStart(4)} ms`,
  );
}
service.stop();
await simulators.close();
const bounds = `${MOST_CPU_MS} ms, ${MOST_MEMORY_MIB} MiB, ${MOST_TURN_MS} ms in one piece and ${MOST_LIVEZ_MS} ms`;
console.log(isWithin ? `All within ${bounds}.` : `Not all within ${bounds}.`);
process.exitCode = isWithin ? 0 : 1;
