import { setTimeout as delay } from 'node:timers/promises';
import { type Asking, startSubgraph } from '../test/support/subgraph.ts';
import { numbered } from '../test/simulators/index.ts';

/**
 * `npm run bench:fairness`: twenty ordinary callers, each asking for a person twice a second, without a greedy one and
 * beside one of each kind. At least 99 % of what the ordinary ones ask succeeds, in at most twice the time (p95). The share
 * of a core that the greedy one costs holds the callers and the simulated providers too: all are one process.
 */
const SECONDS = 10;
const PROVIDER_MS = 30;
const ordinary = Array.from({ length: 20 }, (_, index) => numbered(1_001 + index));
const greedy = numbered(1_050);
const hundred = Array.from({ length: 160 }, (_, index) => numbered(1_001 + (index % 100)).userId);
const references = { of: hundred.map((id) => ({ __typename: 'User', id })) };

type Ask = (query: string, asking: Asking) => Promise<unknown>;
let invented = 0;

/** As large as may be, and never the same: it is read, validated and planned. */
function newDocument(): string {
  invented += 1;
  return `{ me { ${Array.from({ length: 640 }, (_, at) => `a${invented}x${at}: id`).join(' ')} } }`;
}

/** What each asks, and how often a second. */
const kinds: Record<string, [perSecond: number, (ask: Ask) => Promise<unknown>]> = {
  nobody: [0, async () => undefined],
  'identical requests': [200, (ask) => ask('{ me { organization { name } } }', { as: greedy.token })],
  '160 people at once': [
    4,
    (ask) =>
      ask(
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { organization { name } } } }',
        {
          as: greedy.token,
          variables: references,
        },
      ),
  ],
  'invented tokens': [200, (ask) => ask('{ me { name } }', { as: `invented-${(invented += 1)}` })],
  'new documents, thrice': [
    15,
    async (ask) => {
      const document = newDocument();
      for (let time = 0; time < 3; time++) await ask(document, { as: greedy.token });
    },
  ],
};

async function measured(perSecond: number, work: (ask: Ask) => Promise<unknown>) {
  const subgraph = await startSubgraph({ LOG_LEVEL: 'silent' });
  for (const simulator of [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms])
    simulator.latency = PROVIDER_MS;
  for (const { token } of [...ordinary, greedy]) await subgraph.ask('{ me { id } }', { as: token });

  const times: number[] = [];
  let failed = 0;
  const state = { isOver: false };
  const waiting: Promise<unknown>[] = [];
  const pace =
    perSecond > 0
      ? setInterval(() => waiting.push(work(subgraph.ask).catch(() => {})), 1_000 / perSecond)
      : undefined;
  const began = { at: performance.now(), cpu: process.cpuUsage() };
  const ends = began.at + SECONDS * 1_000;
  await Promise.all(
    ordinary.map(async ({ token }, index) => {
      await delay(index * 25);
      while (!state.isOver) {
        const asked = performance.now();
        const { status, errors } = await subgraph.ask('{ me { name organization { name } } }', { as: token });
        times.push(performance.now() - asked);
        if (status !== 200 || errors.length > 0) failed += 1;
        state.isOver ||= performance.now() > ends;
        await delay(500);
      }
    }),
  );
  clearInterval(pace);
  const { user, system } = process.cpuUsage(began.cpu);
  const core = (user + system) / 1_000 / (performance.now() - began.at);
  await Promise.all(waiting);
  await subgraph.stop();
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  return { success: 1 - failed / times.length, p95, core };
}

let usual = { p95: 0, core: 0 };
let isFair = true;
for (const [name, [perSecond, work]] of Object.entries(kinds)) {
  const { success, p95, core } = await measured(perSecond, work);
  if (perSecond === 0) usual = { p95, core };
  isFair &&= success >= 0.99 && p95 <= 2 * usual.p95;
  console.log(
    `beside ${name.padEnd(21)} ${(success * 100).toFixed(1).padStart(5)} % succeed   p95 ${p95.toFixed(0).padStart(4)} ms (${(p95 / usual.p95).toFixed(1)} ×)   ${((core - usual.core) * 100).toFixed(0).padStart(3)} % of a core more`,
  );
}
console.log(isFair ? 'Fair.' : 'Not fair.');
process.exitCode = isFair ? 0 : 1;
