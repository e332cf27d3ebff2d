import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDelay, retryAfterMs, RetryBudget } from '../../src/http/retry.ts';

const limits = { retries: 3, remainingMs: 2_000, random: () => 0.5 };

describe('the delay before the next attempt', () => {
  it.each([429, 502, 503, 504, 'reset', 'unreachable', 'timeout'] as const)('follows %s', (outcome) => {
    expect(nextDelay({ number: 1, outcome }, limits)).toBe(50);
  });

  it.each([200, 400, 401, 403, 404, 409, 422, 500, 501, 'unusable', 'misconfigured'] as const)(
    'is none after %s',
    (outcome) => {
      expect(nextDelay({ number: 1, outcome }, limits)).toBeNull();
    },
  );

  it.each([408, 421])(
    'is nothing after %i, which is repeated once: another connection will do',
    (outcome) => {
      expect(nextDelay({ number: 1, outcome, retryAfterMs: 500 }, limits)).toBe(0);
      expect(nextDelay({ number: 2, outcome }, limits)).toBeNull();
    },
  );

  it('doubles, and is anything between nothing and all of it', () => {
    const after = (number: number, random: number) =>
      nextDelay({ number, outcome: 503 }, { retries: 9, remainingMs: 9_999, random: () => random });
    expect([1, 2, 3, 4, 5, 9].map((number) => after(number, 1))).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect([1, 2, 3].map((number) => after(number, 0))).toEqual([0, 0, 0]);
  });

  it('is what the provider asks for, and the jitter', () => {
    expect(nextDelay({ number: 1, outcome: 503, retryAfterMs: 1_000 }, limits)).toBe(1_050);
  });

  it('is none when the provider asks for more than is left', () => {
    expect(nextDelay({ number: 1, outcome: 429, retryAfterMs: 2_000 }, limits)).toBeNull();
  });

  it('is none after the last attempt', () => {
    expect(nextDelay({ number: 4, outcome: 503 }, limits)).toBeNull();
    expect(nextDelay({ number: 1, outcome: 503 }, { ...limits, retries: 0 })).toBeNull();
  });

  it('never reaches the deadline', () => {
    const attempt = fc.record({
      number: fc.integer({ min: 1, max: 9 }),
      outcome: fc.constantFrom(429, 503, 'reset', 'unreachable', 'timeout'),
      retryAfterMs: fc.option(fc.nat(5_000), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        attempt,
        fc.integer({ min: -10, max: 3_000 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (of, ms, r) => {
          const delay = nextDelay(of as never, { retries: 5, remainingMs: ms, random: () => r });
          expect(delay === null || (delay >= 0 && delay < ms)).toBe(true);
        },
      ),
    );
  });
});

describe('Retry-After', () => {
  const date = 'Sat, 21 Nov 2026 08:00:00 GMT';

  it.each([
    ['0', 0],
    ['3', 3_000],
    ['Sat, 21 Nov 2026 08:00:02 GMT', 2_000],
    ['Sat, 21 Nov 2026 07:59:00 GMT', 0],
    ['999999999', 3_600_000],
    ['Sat, 21 Nov 2036 08:00:00 GMT', 3_600_000],
    ['299.997', 299_997],
    ['0.0001', 1],
    ['30.', 30_000],
    ['30.0', 30_000],
    [' 30 ', 30_000],
    ['Saturday, 21-Nov-26 08:00:02 GMT', 2_000],
    ['Sat Nov 21 08:00:02 2026', 2_000],
    ['Sat, 21 Nov 2026 08:00:02 UTC', 2_000],
    ['Sat, 21 Nov 2026 10:00:02 +0200', 2_000],
    ['2026-11-21T08:00:02Z', 2_000],
    ['sat, 21 nov 2026 08:00:02 gmt', 2_000],
    ['21 Nov 2026 08:00:02 GMT', 2_000],
    [`${Date.UTC(2026, 10, 21, 8, 0, 2) / 1_000}`, 2_000],
    [`${Date.UTC(2026, 10, 21, 8, 0, 2)}`, 2_000],
    ['30s', 30_000],
    ['30 s', 30_000],
    ['.5', 500],
    ['5, 10', 10_000],
    ['10,5,', 10_000],
    ['60; comment', 60_000],
  ])('of %s is %i ms by the answer’s own date', (header, ms) => {
    expect(retryAfterMs(header, date)).toBe(ms);
  });

  it.each([
    '',
    'soon',
    '-1',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    '30min',
    ',',
    ';5',
    'Sat',
    'May 7',
    '2026-13-01',
  ])('that cannot be read says nothing: %j', (header) => {
    expect(retryAfterMs(header, date)).toBeUndefined();
  });

  it('is between nothing and an hour, or says nothing, whatever it is', () => {
    const part = fc.constantFrom(
      'Sat',
      ',',
      ' ',
      '21',
      'Nov',
      '-',
      '2026',
      '08:00:02',
      'GMT',
      '.',
      '0',
      '9'.repeat(400),
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(header, fc.oneof(header, fc.constant(date)), (text, at) => {
        const ms = retryAfterMs(text, at);
        expect(ms === undefined || (ms >= 0 && ms <= 3_600_000)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('as a date says nothing without the date of the answer', () => {
    expect(retryAfterMs('Sat, 21 Nov 2026 08:00:02 GMT', 'undefined')).toBeUndefined();
  });
});

describe('the budget of repeats', () => {
  const repeatsOf = (budget: RetryBudget, calls: number) => {
    let repeats = 0;
    for (let call = 0; call < calls; call += 1) {
      budget.earn();
      if (budget.spend()) repeats += 1;
    }
    return repeats;
  };

  it('lets a new process repeat', () => {
    expect(new RetryBudget().spend()).toBe(true);
  });

  it.each([100, 1_000, 10_000])('adds at most 12 percent to %i calls that all fail', (calls) => {
    const repeats = repeatsOf(new RetryBudget(), calls);
    expect(repeats).toBeLessThanOrEqual(0.12 * calls);
    expect(repeats).toBeGreaterThan(0.09 * calls);
  });

  it('saves up to ten repeats while all goes well', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 10_000; call += 1) budget.earn();
    let repeats = 0;
    while (budget.spend()) repeats += 1;
    expect(repeats).toBe(10);
  });
});
