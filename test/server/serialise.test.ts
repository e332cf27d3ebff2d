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

test('an answer is written as JSON is, in one text or in pieces', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), answers), fc.nat(30), fc.nat(30), (answer, short, piece) => {
      expect(textOf(serialised(answer, 1e9, short, piece))).toBe(`${JSON.stringify(answer)}\n`);
    }),
    { numRuns: 1_000 },
  );
});

test('it is given up exactly when it takes more bytes than are allowed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), answers), fc.nat(30), fc.nat(30), (answer, short, piece) => {
      const bytes = bytesOf(answer);
      expect(serialised(answer, bytes, short, piece)).toBeDefined();
      expect(serialised(answer, bytes - 1, short, piece)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test('a long text in very many places is given up before it is written', () => {
  const bio = 'b'.repeat(1024 * 1024);
  const answer = { data: Array.from({ length: 25_000 }, () => ({ bio })) };
  const before = process.memoryUsage.rss();
  expect(serialised(answer, 16 * 1024 * 1024)).toBeUndefined();
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
});
