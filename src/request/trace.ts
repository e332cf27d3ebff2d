import type { IncomingHttpHeaders } from 'node:http';
import type { OperationTrace } from '../http/call.ts';

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const ALL_ZERO = /^0+$/;

/** The most members of a `tracestate`, empty ones not counted. */
const MOST_MEMBERS = 32;
/** `key=value`: in a value is neither a comma nor an equals sign, and at its end no blank. */
const MEMBER =
  /^[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads the trace context of a request (https://www.w3.org/TR/trace-context/). One that cannot be right is as good as
 * none. Of a version that is newer than ours the fields that ours has are taken, and it is written as ours (section
 * 3.2.4); what is wrong with `tracestate` costs that alone.
 */
export function traceOf({ traceparent, tracestate }: IncomingHttpHeaders): OperationTrace | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId = '', parentId = '', flags = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ALL_ZERO.test(traceId) || ALL_ZERO.test(parentId)) return undefined;
  // Of another version's flags, nothing but whether it is sampled is known.
  const known = version === '00' ? flags : `0${Number.parseInt(flags, 16) & 1}`;
  const read = { traceparent: `00-${traceId}-${parentId}-${known}` };
  // It may come in several headers, which are one list.
  const state = Array.isArray(tracestate) ? tracestate.join(',') : tracestate;
  return state !== undefined && isTracestate(state) ? { ...read, tracestate: state } : read;
}

function isTracestate(text: string): boolean {
  const members = text
    .split(',')
    .map((member) => member.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  return (
    members.length > 0 &&
    members.length <= MOST_MEMBERS &&
    keys.size === members.length &&
    members.every((member) => MEMBER.test(member))
  );
}
