import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcTime } from '../../src/http/utc-time.ts';

describe('a time', () => {
  it.each([
    ['2023-11-07T05:31:56Z', '2023-11-07T05:31:56Z'],
    ['2024-01-20T01:32:56.659642Z', '2024-01-20T01:32:56.659642Z'],
    ['2024-05-01T10:00:00.123456', '2024-05-01T10:00:00.123456Z'],
    ['2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00Z'],
    ['2024-01-01T00:30:00.5+0100', '2023-12-31T23:30:00.5Z'],
    ['2024-02-28T23:30:00-01:00', '2024-02-29T00:30:00Z'],
    ['2024-05-01', '2024-05-01T00:00:00Z'],
    ['2024-05-01 10:00:00', '2024-05-01T10:00:00Z'],
    ['0099-05-01T10:00:00Z', '0099-05-01T10:00:00Z'],
    ['2024-05-01 10:00:00.123456+00', '2024-05-01T10:00:00.123456Z'],
    ['2024-05-01 10:00:00-03', '2024-05-01T13:00:00Z'],
    ['2024-05-01 10:00:00+05:30:15', '2024-05-01T04:29:45Z'],
    ['2024-05-01 10:00:00 UTC', '2024-05-01T10:00:00Z'],
    ['2024-05-01 10:00:00.5 +0200 UTC', '2024-05-01T08:00:00.5Z'],
    ['2024-05-01T10:00', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00Z', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00:00,5Z', '2024-05-01T10:00:00.5Z'],
    ['2024-05-01T10:00:00.1234567891Z', '2024-05-01T10:00:00.123456789Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
    ['0001-01-02T00:00:00Z', '0001-01-02T00:00:00Z'],
  ])('%s is %s', (text, time) => {
    expect(utcTime(text)).toBe(time);
  });

  it.each([
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00',
    '0001-01-01T00:00:00.0000000',
    '0001-01-01 00:00:00+00',
    '0001-01-01',
    '0000-00-00 00:00:00',
    '0000-00-00',
  ])('%s means that there is none', (text) => {
    expect(utcTime(text)).toBeNull();
  });

  it.each([
    '',
    'yesterday',
    'infinity',
    '2024-05',
    '2024-05-01T10',
    '2024-05-01 10:00:00 CET',
    '2024-05-01T10:00:61Z',
    '10000-01-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01',
    '2024-00-10',
    '2024-01-01T24:00:00Z',
    '2024-01-01T10:60:00Z',
    '2024-01-01T10:00:00+24:00',
    '9999-12-31T23:59:59-01:00',
    '1714557600',
  ])('%s cannot be read', (text) => {
    expect(utcTime(text)).toBeUndefined();
  });

  it('is the same instant as the one that was sent, whatever the zone it was written in', () => {
    const instant = fc.date({
      min: new Date('0002-01-01T00:00:00Z'),
      max: new Date('9998-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.boolean(),
        (date, offset, colon) => {
          const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
            String(part).padStart(2, '0'),
          );
          const zone = `${offset < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${minutes}`;
          expect(utcTime(local + zone)).toBe(date.toISOString());
        },
      ),
    );
  });

  it('is the same whether or not it has to be taken apart', () => {
    const year = fc.constantFrom('0000', '0004', '0096', '0100', '1900', '2000', '2023', '2024', '2100');
    const part = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(year, part(13), part(32), part(24), part(60), part(60), (year, month, day, ...clock) => {
        const time = `${year}-${month}-${day}T${clock.join(':')}.5Z`;
        expect(utcTime(time)).toBe(utcTime(time.replace('T', 't')));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is read or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const time = utcTime(text);
        expect(time === undefined || time === null || !Number.isNaN(Date.parse(time))).toBe(true);
      }),
    );
  });
});
