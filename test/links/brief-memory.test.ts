import { expect, it } from 'vitest';
import { BriefMemory } from '../../src/links/brief-memory.ts';

/** A memory over look-ups that the test answers one by one. */
function memoryOfLookUps() {
  const asked: { readonly ids: readonly string[]; answer(found: Record<string, string>): void }[] = [];
  const memory = new BriefMemory<string>({
    form: /^[a-z]$/,
    now: () => 1,
    fetch: (ids) =>
      new Promise((resolve) => {
        asked.push({ ids, answer: (found) => resolve(new Map(Object.entries(found))) });
      }),
  });
  return { memory, asked };
}

it('asks for each unknown id once, and for known ones not at all', async () => {
  const { memory, asked } = memoryOfLookUps();
  const first = memory.get(['a', 'b', 'a', 'NOT AN ID']);
  expect(asked[0]?.ids).toEqual(['a', 'b']);
  asked[0]?.answer({ a: '1' });
  expect(await first).toEqual(new Map([['a', '1']]));

  const second = memory.get(['a', 'b', 'c']);
  expect(asked[1]?.ids).toEqual(['c']);
  asked[1]?.answer({ c: '3' });
  expect(await second).toEqual(
    new Map([
      ['a', '1'],
      ['c', '3'],
    ]),
  );
  expect(await memory.get(['b', 'NOT AN ID'])).toEqual(new Map());
  expect(asked).toHaveLength(2);
});

it('does not remember an answer that was on its way when it had to forget', async () => {
  const { memory, asked } = memoryOfLookUps();
  const before = memory.get(['a']);
  memory.forget();
  asked[0]?.answer({ a: 'removed meanwhile' });
  expect(await before).toEqual(new Map([['a', 'removed meanwhile']]));

  const after = memory.get(['a']);
  asked[1]?.answer({});
  expect(await after).toEqual(new Map());
});

it('remembers at most ten thousand ids', async () => {
  let asked = 0;
  const memory = new BriefMemory<string>({
    form: /./,
    now: () => 1,
    fetch: async (ids) => {
      asked += ids.length;
      return new Map(ids.map((id) => [id, id]));
    },
  });
  await memory.get(Array.from({ length: 10_001 }, (_, n) => `${n}`));
  await memory.get(['10000']);
  expect(asked).toBe(10_001);
  await memory.get(['0']);
  expect(asked).toBe(10_002);
});

it('passes a failure on, and asks again next time', async () => {
  let down = true;
  const memory = new BriefMemory<string>({
    form: /./,
    now: () => 1,
    fetch: async () => {
      if (down) throw new Error('down');
      return new Map([['a', '1']]);
    },
  });
  await expect(memory.get(['a'])).rejects.toThrow('down');
  down = false;
  expect(await memory.get(['a'])).toEqual(new Map([['a', '1']]));
});
