import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Body, serialised } from '../../src/server/serialise.ts';

const textOf = (body: Body | undefined) =>
  Array.isArray(body) ? Buffer.concat(body as Buffer[]).toString() : (body as string | undefined);
const bytesOf = (value: unknown) => Buffer.byteLength(`${JSON.stringify(value)}\n`);

/** What GraphQL answers: JSON, with what is undefined left out. */
const answers = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\u0001', 'é', '☃', '😀', 'a') }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value;

test('an answer is written as JSON is, in one text or in pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string(), answers),
      fc.nat(30),
      fc.nat(30),
      async (answer, short, piece) => {
        expect(textOf(await serialised(answer, 1e9, { short, shortPart: piece }))).toBe(
          `${JSON.stringify(answer)}\n`,
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test('it is given up exactly when it takes more bytes than are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string(), answers),
      fc.nat(30),
      fc.nat(30),
      async (answer, short, piece) => {
        const bytes = bytesOf(answer);
        expect(await serialised(answer, bytes, { short, shortPart: piece })).toBeDefined();
        expect(await serialised(answer, bytes - 1, { short, shortPart: piece })).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
});

test('others have their turn while a long answer is written', async () => {
  const people = Array.from({ length: 40_000 }, (_, id) => ({ id, name: 'x'.repeat(100) }));
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const body = await serialised(people, 1e9);
  isOver = true;
  // One for each MiB and a little.
  expect(turns).toBeGreaterThanOrEqual(Math.floor(bytesOf(people) / (1.2 * 1024 * 1024)));
  expect(textOf(body)).toBe(`${JSON.stringify(people)}\n`);
});

test('a long text in very many places is given up before it is written', async () => {
  const bio = 'b'.repeat(1024 * 1024);
  const answer = { data: Array.from({ length: 25_000 }, () => ({ bio })) };
  const before = process.memoryUsage.rss();
  expect(await serialised(answer, 16 * 1024 * 1024)).toBeUndefined();
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
});
