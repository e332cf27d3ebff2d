import { expect, it } from 'vitest';
import { TimeLimit } from '../../src/http/time-limit.ts';
import { ManualClock } from './rig.ts';

function setUp() {
  const clock = new ManualClock();
  const limit = new TimeLimit(1_000, clock);
  const over: string[] = [];
  const begin = (name: string) => limit.begin({ isOverdue: () => void over.push(name) }, clock.now());
  return { clock, limit, over, begin };
}

it('each is over in its own time, with one timer for all', () => {
  const { clock, over, begin } = setUp();
  begin('first');
  clock.advance(400);
  begin('second');
  expect(clock.pending).toEqual([600]);
  clock.advance(600);
  expect(over).toEqual(['first']);
  expect(clock.pending).toEqual([400]);
  clock.advance(400);
  expect(over).toEqual(['first', 'second']);
  expect(clock.pending).toEqual([]);
});

it.each([
  ['the first', [0]],
  ['one in the middle', [1]],
  ['the last', [2]],
  ['all but one, backwards', [2, 1]],
  ['one twice', [0, 0]],
])('who has ended is never over: %s', (_which, ended) => {
  const { clock, limit, over, begin } = setUp();
  const names = ['a', 'b', 'c'];
  const running = names.map(begin);
  for (const at of ended) limit.end(running[at] as (typeof running)[0]);
  clock.advance(1_000);
  expect(over).toEqual(names.filter((_name, at) => !ended.includes(at)));
});

it('no timer is left when all have ended, and the next begins anew', () => {
  const { clock, limit, over, begin } = setUp();
  limit.end(begin('first'));
  expect(clock.pending).toEqual([]);
  clock.advance(5_000);
  begin('second');
  clock.advance(999);
  expect(over).toEqual([]);
  clock.advance(1);
  expect(over).toEqual(['second']);
});

it('what begins when another is over has all of its time', () => {
  const { clock, limit, over } = setUp();
  const begin = (name: string, then = () => {}) =>
    limit.begin({ isOverdue: () => (over.push(name), then()) }, clock.now());
  begin('first', () => void begin('second'));
  clock.advance(1_000);
  expect(over).toEqual(['first']);
  expect(clock.pending).toEqual([1_000]);
});
