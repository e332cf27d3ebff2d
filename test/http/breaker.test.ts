import { expect, test } from 'vitest';
import { Breaker, type BreakerState } from '../../src/http/breaker.ts';
import { failureOf, get, hold, ManualClock, open, operation } from './rig.ts';

type Outcome = 'fine' | 'trouble';

function breaker() {
  let now = 0;
  const changes: BreakerState[] = [];
  const it = new Breaker<Outcome>({
    isTrouble: (outcome) => outcome === 'trouble',
    coolDownMs: 1_000,
    now: () => now,
    onChange: (state) => changes.push(state),
  });
  return {
    it,
    changes,
    passes: (ms: number) => (now += ms),
    async sees(...outcomes: Outcome[]) {
      for (const outcome of outcomes) await it.admit()(outcome);
    },
  };
}

const fiveTimes: Outcome[] = Array.from({ length: 5 }, () => 'trouble');

test('opens at the fifth failure in a row, not before', async () => {
  const { it, sees } = breaker();
  await sees(...fiveTimes.slice(1));
  expect([it.state, it.refusesFor()]).toEqual(['closed', undefined]);
  await sees('trouble');
  expect([it.state, it.refusesFor()]).toEqual(['open', 1_000]);
});

test('begins to count anew with each success', async () => {
  const { sees, changes } = breaker();
  for (let time = 0; time < 5; time += 1) await sees(...fiveTimes.slice(1), 'fine');
  expect(changes).toEqual([]);
});

test('lets one call through after the cool-down, and refuses the others until its outcome is known', async () => {
  const { it, sees, passes } = breaker();
  await sees(...fiveTimes);
  passes(999);
  expect(it.refusesFor()).toBe(1);
  passes(1);
  expect(it.refusesFor()).toBeUndefined();
  const trial = it.admit();
  expect([it.state, it.refusesFor()]).toEqual(['half-open', 0]);
  await trial('fine');
  expect([it.state, it.refusesFor()]).toEqual(['closed', undefined]);
});

test('stays open for another cool-down when the trial fails', async () => {
  const { it, sees, passes, changes } = breaker();
  await sees(...fiveTimes);
  passes(1_000);
  await sees('trouble');
  expect([it.state, it.refusesFor()]).toEqual(['open', 1_000]);
  passes(1_000);
  await sees('fine');
  expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
});

test('stays open when the trial is given up: that proves nothing', async () => {
  const { it, sees, passes } = breaker();
  await sees(...fiveTimes);
  passes(1_000);
  await it.admit()(null);
  expect([it.state, it.refusesFor()]).toEqual(['open', 1_000]);
});

test('learns nothing from a call that is given up', async () => {
  const { it, sees } = breaker();
  await sees(...fiveTimes.slice(1));
  await it.admit()(null);
  expect(it.state).toBe('closed');
  await sees('trouble');
  expect(it.state).toBe('open');
});

test.each(['fine', 'trouble'] as const)(
  'does not take an older call that ends %s for the trial',
  async (outcome) => {
    const { it, sees, passes } = breaker();
    const older = it.admit();
    await sees(...fiveTimes);
    passes(1_000);
    const trial = it.admit();
    await older(outcome);
    expect(it.state).toBe('half-open');
    await trial('fine');
    expect(it.state).toBe('closed');
  },
);

test.each([
  ['most of its time', 1_250, 'open'],
  ['little time', 1_249, 'closed'],
] as const)(
  'learns from calls that had %s when their operations ended: %i ms make it %s',
  async (_how, passed, state) => {
    const clock = new ManualClock();
    const silent = await hold();
    const upstream = open(silent.url, { timeoutMs: 2_500 }, { clock });
    for (let call = 0; call < 5; call++) {
      const { scope, isOverdue } = operation();
      const failure = failureOf(upstream.send(get(`/${call}`), scope));
      await silent.nth(call);
      clock.advance(passed);
      isOverdue();
      expect(await failure).toMatchObject({ failure: 'timeout' });
    }
    expect(upstream.stats.state).toBe(state);
  },
);
