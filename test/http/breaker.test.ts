import { expect, test } from 'vitest';
import { Breaker, type BreakerState } from '../../src/http/breaker.ts';
import type { Caller } from '../../src/http/caller.ts';
import type { Lesson } from '../../src/http/trouble.ts';
import { failureOf, get, hold, ManualClock, open, operation } from './rig.ts';

let troubles = 0;
/** A trouble that is like none before, unless it is said which. */
const trouble = (record = `record ${(troubles += 1)}`, source = `of ${record}`, weight = 1): Lesson => ({
  weight,
  record,
  source,
});

function breaker() {
  let now = 0;
  const changes: BreakerState[] = [];
  const it = new Breaker({
    coolDownMs: 1_000,
    now: () => now,
    onChange: (state) => changes.push(state),
  });
  const sees = (...lessons: Lesson[]) => {
    for (const lesson of lessons) it.learn(lesson);
  };
  return {
    it,
    changes,
    passes: (ms: number) => (now += ms),
    sees,
    /** Somebody makes the trial, and this is what it shows. */
    tries(lesson: Lesson, caller: Caller = 'ada') {
      expect(it.refusesFor(caller)).toBeUndefined();
      expect(it.admit()).toBe(true);
      it.conclude(lesson, caller);
    },
    opens: () => sees(...fiveTroubles()),
  };
}

const fiveTroubles = () => Array.from({ length: 5 }, () => trouble());

test('opens at the fifth trouble in a row, not before', () => {
  const { it, sees } = breaker();
  sees(...fiveTroubles().slice(1));
  expect([it.state, it.refusesFor('ada'), it.admit()]).toEqual(['closed', undefined, false]);
  sees(trouble());
  expect([it.state, it.refusesFor('ada')]).toEqual(['open', 1_000]);
});

test('begins to count anew with each call that goes well', () => {
  const { sees, changes } = breaker();
  for (let time = 0; time < 5; time += 1) sees(...fiveTroubles().slice(1), 'well');
  expect(changes).toEqual([]);
});

test('counts a record once, and once whoever asks for it', () => {
  const { it, sees } = breaker();
  for (let time = 0; time < 50; time += 1) sees(trouble('one record', `of caller ${time}`));
  expect(it.state).toBe('closed');
});

test('counts a source once, in however many pieces it is asked for', () => {
  const { it, sees } = breaker();
  for (let time = 0; time < 50; time += 1) sees(trouble(`piece ${time}`, 'one source'));
  expect(it.state).toBe('closed');
});

test('counts every time that there is not even a connection', () => {
  const { it, sees } = breaker();
  sees(...Array.from({ length: 5 }, () => ({ weight: 1, record: null, source: 'one source' })));
  expect(it.state).toBe('open');
});

test('weighs what may be the trouble of single records by half', () => {
  const { it, sees } = breaker();
  const lighter = () => trouble(undefined, undefined, 0.5);
  sees(...Array.from({ length: 9 }, lighter));
  expect(it.state).toBe('closed');
  sees(lighter());
  expect(it.state).toBe('open');
});

test('lets one call through after the cool-down, and refuses the others until its outcome is known', () => {
  const { it, opens, passes } = breaker();
  opens();
  passes(999);
  expect(it.refusesFor('ada')).toBe(1);
  passes(1);
  expect(it.refusesFor('ada')).toBeUndefined();
  expect(it.admit()).toBe(true);
  expect([it.state, it.refusesFor('ada'), it.refusesFor('grace')]).toEqual(['half-open', 0, 0]);
  it.conclude('well', 'ada');
  expect([it.state, it.refusesFor('ada')]).toEqual(['closed', undefined]);
});

test('stays open for another cool-down when the trial fails', () => {
  const { it, opens, passes, tries, changes } = breaker();
  opens();
  passes(1_000);
  tries(trouble());
  expect([it.state, it.refusesFor('grace')]).toEqual(['open', 1_000]);
  passes(1_000);
  tries('well', 'grace');
  expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
});

test('lets others make the next trial first: whoever asks for what always fails would keep it open', () => {
  const { it, opens, passes, tries } = breaker();
  opens();
  passes(1_000);
  tries(trouble(), 'mallory');
  passes(1_000);
  expect([it.refusesFor('mallory'), it.refusesFor('ada')]).toEqual([1_000, undefined]);
  passes(1_000);
  expect(it.refusesFor('mallory')).toBeUndefined();
});

test('makes the next call the trial after one that showed nothing, of somebody else', () => {
  const { it, opens, passes, tries } = breaker();
  opens();
  passes(1_000);
  tries('nothing', 'mallory');
  expect([it.state, it.refusesFor('mallory'), it.refusesFor('ada')]).toEqual(['open', 1_000, undefined]);
  tries('well', 'ada');
  expect([it.state, it.refusesFor('mallory')]).toEqual(['closed', undefined]);
});

test('learns nothing from what shows nothing', () => {
  const { it, sees } = breaker();
  sees(...fiveTroubles().slice(1), 'nothing');
  expect(it.state).toBe('closed');
  sees(trouble());
  expect(it.state).toBe('open');
});

test.each([['well' as const], [trouble()]])(
  'does not take an older call that shows %j for the trial',
  (lesson) => {
    const { it, opens, passes, sees } = breaker();
    opens();
    passes(1_000);
    it.admit();
    sees(lesson);
    expect(it.state).toBe('half-open');
    it.conclude('well', 'ada');
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
