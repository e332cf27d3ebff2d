import type { LookupFunction } from 'node:net';
import { Breaker } from './breaker.ts';
import type { OperationScope, UpstreamCall } from './call.ts';
import { readKey, ReadsInFlight } from './coalesce.ts';
import { type Clock, systemClock } from './clock.ts';
import { Connections } from './connections.ts';
import { Flight } from './flight.ts';
import { noteNoAnswer } from './note-no-answer.ts';
import type { UpstreamLog, UpstreamParts } from './parts.ts';
import { Paces } from './pace.ts';
import type { Proxy } from './proxy.ts';
import { RetryBudget } from './retry.ts';
import { startCounting, type UpstreamStats } from './stats.ts';
import { TimeLimit } from './time-limit.ts';
import { type FailureDetails, UpstreamError } from './upstream-error.ts';
import { Waiter } from './waiter.ts';
import { type CallBase, wireRequest } from './wire-request.ts';

/** How one provider is reached, and how much of it may be used. */
export interface UpstreamSettings {
  /** The provider's name, such as `bird`: in errors, logs and metrics. */
  name: string;
  /** Origin and, where the provider has one, a path that every call's path is appended to. */
  baseUrl: string;
  /** Milliseconds for one call, its wait for a connection and all attempts included. */
  timeoutMs: number;
  /** Sockets, and so the calls on the wire at once. */
  connections: number;
  /** Sockets that one caller may have at once. */
  connectionsPerCaller: number;
  /** Milliseconds that an idle connection is kept; a server's shorter hint wins. */
  keepAliveMs: number;
  /** Calls that may wait for a connection; further ones are refused at once. */
  queue: number;
  /** How often a GET may be repeated. */
  retries: number;
  /** Null or absent when the provider is reached directly. */
  proxy?: Proxy | null;
}

/** A provider's REST API, for the life of the process. */
export interface Upstream {
  readonly name: string;
  /** Makes the call and decodes its answer. Rejects with an `UpstreamError`, or with what `countCall` throws. */
  send<T>(call: UpstreamCall<T>, scope: OperationScope): Promise<T>;
  /** An answer that cannot be used after all, such as one about somebody else: counted, logged, and the error to throw. */
  unusable(path: string, expected: string, details?: FailureDetails): UpstreamError;
  /** After a write: later GETs with this credential do not join one that began before it. */
  forget(credential: string): void;
  readonly stats: UpstreamStats;
  /** Opens a connection before one is needed. Says in the log why there is none, if so. */
  warm(): Promise<void>;
  /** Waits for the calls under way, each of which has its time limit. */
  close(): Promise<void>;
}

/** What an upstream works with. A test holds the time and the chance in its hands. */
export interface UpstreamTools {
  clock?: Clock;
  /** 0 to 1, evenly spread. */
  random?: () => number;
  log?: UpstreamLog;
  /** Told that bytes came which nobody had asked for: whose answers came lately over that connection is in doubt. */
  onStrayBytes?: () => void;
  /** Finds the addresses of a provider's name. */
  lookup?: LookupFunction;
}

const silence: UpstreamLog = { info: () => {}, warn: () => {} };

/** Opens the connections of one provider. */
export function openUpstream(settings: UpstreamSettings, tools: UpstreamTools = {}): Upstream {
  const { name, timeoutMs } = settings;
  const { clock = systemClock, random = Math.random, log = silence, onStrayBytes } = tools;
  const address = new URL(settings.baseUrl);
  const { origin, pathname, protocol } = address;
  // A proxy is told whom a call over plain HTTP is for; through its tunnel there is nothing to tell.
  const isTold = settings.proxy && protocol === 'http:' ? settings.proxy : null;
  const base: CallBase = {
    path: (isTold ? origin : '') + pathname.replace(/\/+$/, ''),
    headers: isTold?.authorization ? ['proxy-authorization', isTold.authorization] : [],
  };
  const connections = new Connections(address, { ...settings, lookup: tools.lookup }, clock.now, () => {
    log.warn({ provider: name }, 'Bytes came that nobody had asked for. Their connection was closed.');
    onStrayBytes?.();
  });
  const parts: UpstreamParts = {
    name,
    origin,
    timeoutMs,
    retries: settings.retries,
    connections,
    breaker: new Breaker({
      // As long as a call may take: what was under way when it opened has ended before the trial begins.
      coolDownMs: timeoutMs,
      now: clock.now,
      onChange(state) {
        if (state !== 'open') return log.info({ provider: name, state }, 'A provider is asked again.');
        log.warn({ provider: name, state }, 'A provider fails and is not asked for a while.');
        connections.reconsider();
      },
    }),
    paces: new Paces(clock, settings.queue),
    budget: new RetryBudget(),
    counters: startCounting(),
    timeLimit: new TimeLimit(timeoutMs, clock),
    clock,
    random,
    log,
  };
  const reads = new ReadsInFlight();
  let closed: Promise<void> | undefined;

  function newFlight(call: UpstreamCall<unknown>, scope: OperationScope, key: string | undefined): Flight {
    const flight = new Flight(parts, wireRequest(base, call, scope), call.credential, scope.caller);
    if (key !== undefined) flight.closed = reads.add(key, flight);
    return flight;
  }

  return {
    name,
    send: <T>(call: UpstreamCall<T>, scope: OperationScope) =>
      new Promise<T>((resolve, reject) => {
        scope.countCall(name);
        const { method = 'GET', path, credential } = call;
        const key = method === 'GET' ? readKey(path, credential) : undefined;
        const joined = key === undefined ? undefined : reads.get(key);
        if (joined) parts.counters.coalesced += 1;
        const flight = joined ?? newFlight(call, scope, key);
        const waiter = new Waiter(parts, flight, call.on, scope.lifetime, { resolve, reject });
        flight.join(waiter, scope.caller);
        const { ended } = scope.lifetime;
        if (ended) waiter.end(ended);
        if (!joined) flight.start();
      }),
    unusable(path, expected, details) {
      parts.counters.failures['invalid-response'] += 1;
      log.warn({ provider: name, path, expected }, 'An answer cannot be used.');
      return new UpstreamError(name, 'invalid-response', details);
    },
    forget: (credential) => reads.forget(credential),
    get stats() {
      const { counters, breaker } = parts;
      return {
        ...counters,
        state: breaker.state,
        inFlight: connections.taken,
        queued: connections.waiting + parts.paces.waiting,
        sockets: connections.open,
      };
    },
    async warm() {
      const failed = await connections.warm();
      if (failed) noteNoAnswer(parts, failed, 'A provider could not be reached at the start.');
    },
    close: () => (closed ??= connections.close()),
  };
}
