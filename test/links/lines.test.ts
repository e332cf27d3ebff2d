import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLinkLine, LineRejected } from '../../src/links/link-line.ts';
import { MAX_LINE_BYTES, type NumberedLine, readLines } from '../../src/links/ndjson.ts';
import type { Linkable } from '../../src/links/links.ts';
import { linkable, user } from './fixtures.ts';

async function allLines(chunks: readonly (Uint8Array | string)[], size = 1_000): Promise<NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const group of readLines(chunks, size)) {
    expect(group.length).toBeGreaterThan(0);
    expect(group.length).toBeLessThanOrEqual(size);
    lines.push(...group);
  }
  return lines;
}

/** Bytes, cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const edges = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return edges.slice(1).map((end, n) => bytes.subarray(edges[n], end));
}

describe('reading lines', () => {
  it('gives the same lines however the bytes are cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.nat()),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        async (texts, places, end, ended, size) => {
          const bytes = Buffer.from(texts.join(end) + (ended ? end : ''));
          const expected = texts
            .map((text, n) => ({ number: n + 1, text: text.replace(/^\uFEFF/, '').trim() }))
            .filter(({ text }) => text !== '');
          const lines = await allLines(cut(bytes, places), size);
          expect(lines.map(({ number, text }) => ({ number, text: text?.trim() }))).toEqual(expected);
        },
      ),
    );
  });

  it('refuses a line that is too long or not UTF-8, and goes on behind it', async () => {
    const lines = await allLines([
      'first\n',
      'x'.repeat(MAX_LINE_BYTES),
      'x\n',
      Buffer.from([0xff, 0x0a]),
      `${'y'.repeat(MAX_LINE_BYTES)}\n`,
      'last',
    ]);
    expect(lines).toEqual([
      { number: 1, text: 'first' },
      { number: 2, text: null, problem: 'longer than 16384 bytes' },
      { number: 3, text: null, problem: 'not UTF-8' },
      { number: 4, text: 'y'.repeat(MAX_LINE_BYTES) },
      { number: 5, text: 'last' },
    ]);
  });

  it('overlooks the byte order mark of an editor', async () => {
    expect(await allLines(['\uFEFFfirst\nsecond'])).toEqual([
      { number: 1, text: 'first' },
      { number: 2, text: 'second' },
    ]);
  });

  it('holds little of a file that has no line ends', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    let most = 0;
    function* endless() {
      for (let n = 0; n < 200; n += 1) {
        most = Math.max(most, process.memoryUsage().arrayBuffers);
        yield chunk;
      }
    }
    const before = process.memoryUsage().arrayBuffers;
    const lines: NumberedLine[] = [];
    for await (const group of readLines(endless(), 10)) lines.push(...group);
    expect(lines).toMatchObject([{ number: 1, text: null }]);
    expect(most - before).toBeLessThan(20 * chunk.length);
  });
});

describe('reading a link', () => {
  const uuid = fc.uuid().map((id) => id.toLowerCase());
  const secret = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
  const link = fc.oneof(
    fc.record({
      userId: uuid,
      provider: fc.constant('numbers'),
      externalId: fc.stringMatching(/^[1-9][0-9]{0,9}$/),
    }),
    fc.record(
      {
        userId: uuid,
        provider: fc.constant('words'),
        externalId: fc.stringMatching(/^[a-z-]{1,9}$/),
        secret: fc.option(secret),
      },
      { requiredKeys: ['userId', 'provider', 'externalId'] },
    ),
    fc.record({
      userId: uuid,
      provider: fc.constant('vault'),
      externalId: fc.stringMatching(/^[0-9a-z]{1,9}$/),
      secret,
    }),
  );

  it('takes quotes in a secret for no field', () => {
    const line = { userId: user(1), provider: 'words', externalId: 'ada', secret: '":"\\\\","a":"' };
    expect(decodeLinkLine(JSON.stringify(line), linkable)).toEqual(line);
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(link, (line) => {
        expect(decodeLinkLine(JSON.stringify(line), linkable)).toEqual(line);
      }),
    );
  });

  it('takes a UUID or an ObjectId in any case for the same', () => {
    const anyCase: Linkable = { any: { externalId: /^[\w-]{1,64}$/, secret: 'optional' } };
    const read = (userId: string, externalId: string) =>
      decodeLinkLine(JSON.stringify({ userId, provider: 'any', externalId }), anyCase);
    fc.assert(
      fc.property(uuid, fc.stringMatching(/^[0-9a-f]{24}$/), (id, objectId) => {
        expect(read(id.toUpperCase(), id.toUpperCase())).toEqual(read(id, id));
        expect(read(id, objectId.toUpperCase()).externalId).toBe(objectId);
      }),
    );
    expect(read(user(1), 'Ada-Lovelace_1').externalId).toBe('Ada-Lovelace_1');
  });

  it('refuses everything else in words, without repeating it', () => {
    const key = fc.constantFrom(
      'userId',
      'provider',
      'externalId',
      'secret',
      'Secret',
      '__proto__',
      'constructor',
    );
    const broken = fc
      .tuple(
        link,
        key,
        fc.oneof(fc.jsonValue(), fc.constantFrom('constructor', 'sk_live_key with space', '0')),
      )
      .map(([line, name, value]) => JSON.stringify({ ...line, [name]: value }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), broken), (text) => {
        try {
          const line = decodeLinkLine(text, linkable);
          expect(Object.hasOwn(linkable, line.provider)).toBe(true);
          expect(linkable[line.provider]?.externalId.test(line.externalId)).toBe(true);
          expect(line).toEqual(JSON.parse(text));
        } catch (error) {
          expect(error).toBeInstanceOf(LineRejected);
          expect((error as Error).message).not.toMatch(/sk_live/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const good = { userId: user(1), provider: 'words', externalId: 'ada', secret: 'w-1' };

  it.each([
    ['{"userId":"sk_live_1', 'not JSON'],
    ['"sk_live_1"', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    [{ ...good, sk_live_1: 1 }, 'has a field other than userId, provider, externalId, secret'],
    [{ ...good, userId: 'ada' }, 'userId must be a UUID'],
    [{ ...good, userId: `${user(1)}\n` }, 'userId must be a UUID'],
    [{ ...good, provider: 'toString' }, 'provider must be one of numbers, words, vault'],
    [
      { ...good, externalId: 147 },
      'externalId must be a text that is a user id of words, of the form ^[a-z-]+$',
    ],
    [
      { ...good, externalId: 'Ada' },
      'externalId must be a text that is a user id of words, of the form ^[a-z-]+$',
    ],
    [{ ...good, provider: 'numbers', externalId: '1' }, 'a link to numbers takes no secret'],
    [{ ...good, provider: 'vault', secret: null }, "a link to vault needs the person's secret"],
    [JSON.stringify(good).replace('{', '{"externalId":"grace",'), 'has a field twice'],
    [JSON.stringify({ ...good, secret: null }).replace('}', ',"secret":"w-2"}'), 'has a field twice'],
    [{ ...good, secret: '' }, 'secret must be a text of 1 to 4096 printable ASCII characters without spaces'],
    [
      { ...good, secret: 'sk_live\r\nx: y' },
      'secret must be a text of 1 to 4096 printable ASCII characters without spaces',
    ],
    [{ ...good, secret: 1 }, 'secret must be a text of 1 to 4096 printable ASCII characters without spaces'],
  ])('refuses %j: %s', (line, reason) => {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    expect(() => decodeLinkLine(text, linkable)).toThrow(new LineRejected(reason));
  });
});
