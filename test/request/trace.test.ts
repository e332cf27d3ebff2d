import { describe, expect, test } from 'vitest';
import { traceOf } from '../../src/request/trace.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const ours = `00-${traceId}-${parentId}-01`;

describe('a traceparent', () => {
  test.each([
    ['of our version is taken as it is', ours, ours],
    ['with flags that we do not know, too', `00-${traceId}-${parentId}-02`, `00-${traceId}-${parentId}-02`],
    ['of a later version is written as ours', `cc-${traceId}-${parentId}-01`, ours],
    ['… with fields that ours has not', `cc-${traceId}-${parentId}-01-what-is-to-come`, ours],
    ['… and of its flags only the sampling', `cc-${traceId}-${parentId}-fe`, `00-${traceId}-${parentId}-00`],
  ])('%s', (_how, traceparent, taken) => {
    expect(traceOf({ traceparent })).toEqual({ traceparent: taken });
  });

  test.each([
    ['version ff', `ff-${traceId}-${parentId}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['zeros in a later version', `01-${'0'.repeat(32)}-${parentId}-01-x`],
    ['more fields than our version has', `${ours}-x`],
    ['more than our version has', `${ours}.`],
    ['a later version whose fields end elsewhere', `cc-${traceId}-${parentId}-011`],
    ['capitals', ours.toUpperCase()],
    ['a short id', `00-${traceId.slice(1)}-${parentId}-01`],
    ['two of them', `${ours}, ${ours}`],
    ['nothing', ''],
  ])('that is none: %s', (_why, traceparent) => {
    expect(traceOf({ traceparent, tracestate: 'a=1' })).toBeUndefined();
  });
});

describe('a tracestate', () => {
  test.each([
    'a=1',
    'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
    'a=1 , b=2,\t,',
    'tenant@vendor=value with blanks',
    '1a-_*/=!',
    `a=${'x'.repeat(256)}`,
    Array.from({ length: 32 }, (_, index) => `a${index}=1`).join(','),
  ])('goes along: %.40s', (tracestate) => {
    expect(traceOf({ traceparent: ours, tracestate })).toEqual({ traceparent: ours, tracestate });
  });

  test.each([
    '',
    ',',
    'a',
    'a=',
    'A=1',
    'a=1=2',
    'a =1',
    'a=é',
    'a=1,a=2',
    `a=${'x'.repeat(257)}`,
    `${'a'.repeat(257)}=1`,
    Array.from({ length: 33 }, (_, index) => `a${index}=1`).join(','),
  ])('that cannot be right costs itself: %.40s', (tracestate) => {
    expect(traceOf({ traceparent: ours, tracestate })).toEqual({ traceparent: ours });
  });
});
