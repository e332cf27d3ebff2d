import { describe, expect, it } from 'vitest';
import { loadByKey, loadEach } from '../../src/loading/load-by-key.ts';

interface Row {
  id: string;
  value: number;
}

function rowsLoader(answer: (keys: readonly string[]) => Row[] | Promise<Row[]>, maxBatchSize = 100) {
  const batches: (readonly string[])[] = [];
  const loader = loadByKey<Row>({
    name: 'test.rows',
    maxBatchSize,
    keyOf: ({ id }) => id,
    async fetch(keys) {
      batches.push(keys);
      return { values: await answer(keys) };
    },
  });
  return { loader, batches };
}

const rows = (keys: readonly string[]) => keys.map((id) => ({ id, value: id.length }));

describe('many keys at once', () => {
  it('are one call, each key once, whatever the order of the answer', async () => {
    const { loader, batches } = rowsLoader((keys) => rows(keys).toReversed());
    const loaded = await Promise.all(['a', 'bb', 'a', 'ccc'].map(async (key) => loader.load(key)));
    expect(batches).toEqual([['a', 'bb', 'ccc']]);
    expect(loaded.map((row) => row?.value)).toEqual([1, 2, 1, 3]);
  });

  it('are one call also when some are asked for after an await', async () => {
    const { loader, batches } = rowsLoader(rows);
    const late = async (key: string) => {
      await Promise.resolve();
      await Promise.resolve();
      return loader.load(key);
    };
    await Promise.all([loader.load('a'), late('b'), late('c')]);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('are split where the provider takes no more', async () => {
    const { loader, batches } = rowsLoader(rows, 2);
    await Promise.all(['a', 'b', 'c'].map(async (key) => loader.load(key)));
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('that are not answered are null, and those that nobody asked for are ignored', async () => {
    const { loader } = rowsLoader(() => [
      { id: 'b', value: 1 },
      { id: 'stray', value: 2 },
    ]);
    expect(await Promise.all([loader.load('a'), loader.load('b')])).toEqual([null, { id: 'b', value: 1 }]);
  });

  it('that are not answered are an error where it is unclear what that means', async () => {
    const missing = new Error('half of it could not be read');
    const loader = loadByKey<Row>({
      name: 'test.rows',
      maxBatchSize: 100,
      keyOf: ({ id }) => id,
      fetch: () => ({ values: rows(['a']), missing }),
    });
    const [a, b] = await Promise.allSettled([loader.load('a'), loader.load('b')]);
    expect(a).toMatchObject({ value: { id: 'a' } });
    expect(b).toEqual({ status: 'rejected', reason: missing });
  });

  it('answered twice are an error of that key alone', async () => {
    const { loader } = rowsLoader(() => [...rows(['a', 'b']), { id: 'a', value: 9 }]);
    await expect(loader.load('a')).rejects.toThrow('test.rows answered one key twice');
    expect(await loader.load('b')).toEqual({ id: 'b', value: 1 });
  });

  it('are there at once when they have been loaded', async () => {
    const { loader, batches } = rowsLoader(rows, 2);
    await loader.loadAll(['a', 'bb', 'a', 'ccc']);
    expect(batches).toEqual([['a', 'bb'], ['ccc']]);
    expect(loader.load('bb')).toEqual({ id: 'bb', value: 2 });
    await loader.loadAll(['bb', 'ccc']);
    expect(batches.length).toBe(2);
  });

  it('at hand are not waited for, and a failure is asked for once', async () => {
    let asked = 0;
    const loader = loadByKey<Row>({
      name: 'test.rows',
      maxBatchSize: 100,
      isAtHand: true,
      keyOf: ({ id }) => id,
      fetch([key = '']) {
        asked += 1;
        if (key === 'bad') throw new Error('gone');
        return { values: key === 'none' ? [] : rows([key]) };
      },
    });
    expect(loader.load('a')).toEqual({ id: 'a', value: 1 });
    expect(loader.load('none')).toBeNull();
    await expect(loader.load('bad')).rejects.toThrow('gone');
    await expect(loader.load('bad')).rejects.toThrow('gone');
    expect(loader.loadAll(['a', 'none', 'bad'])).toBeUndefined();
    expect(asked).toBe(3);
  });

  it('are loaded without an error, which comes with the key', async () => {
    const { loader } = rowsLoader(() => Promise.reject(new Error('down')));
    await loader.loadAll(['a']);
    await expect(loader.load('a')).rejects.toThrow('down');
  });

  it('fail together, and the request remembers it', async () => {
    const { loader, batches } = rowsLoader(() => Promise.reject(new Error('down')));
    const both = await Promise.allSettled([loader.load('a'), loader.load('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(loader.load('a')).rejects.toThrow('down');
    expect(batches.length).toBe(1);
  });
});

describe('one key at a time', () => {
  it('is asked for once, and its failure is its own', async () => {
    const asked: string[] = [];
    const loader = loadEach<string>(async (key) => {
      asked.push(key);
      if (key === 'bad') throw new Error('down');
      return key.toUpperCase();
    });
    const results = await Promise.allSettled(['a', 'bad', 'a', 'bad'].map(async (key) => loader.load(key)));
    expect(asked).toEqual(['a', 'bad']);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.message)),
    ).toEqual(['A', 'down', 'A', 'down']);
  });

  it('is there at once when it has been loaded', async () => {
    const loader = loadEach<string>(async (key) => key.toUpperCase());
    await loader.load('a');
    expect(loader.load('a')).toBe('A');
  });

  it('is what a write says it is, though an older answer comes later', async () => {
    const loader = loadEach<string>(async () => 'old');
    const loading = loader.load('a');
    loader.prime('a', 'new');
    await loading;
    expect(loader.load('a')).toBe('new');
  });

  it('is what a write says it is', async () => {
    const loader = loadEach<string>(async () => 'old');
    expect(await loader.load('a')).toBe('old');
    loader.prime('a', 'new');
    expect(await loader.load('a')).toBe('new');
  });
});
