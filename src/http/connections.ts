import { type Caller, UNKNOWN_OWNER } from './caller.ts';
import { connectBy, type Way } from './connect.ts';
import { connectionFaultOf } from './connection-faults.ts';
import { Connection, type ConnectionUse } from './connection.ts';
import { type NoAnswer, noAnswerOf } from './exchange.ts';
import { Line, type Place } from './line.ts';
import type { Connect } from './proxy.ts';
import { whenAllIsRead } from './turns.ts';

/** How many connections to a provider there may be, who may have how many, and how many calls may wait for one. */
export interface ConnectionLimits extends Way {
  connections: number;
  /** Connections that one caller may have at once. */
  connectionsPerCaller: number;
  queue: number;
  keepAliveMs: number;
}

/** A call that waits for a connection. It is told one of these, once, unless it leaves before. */
export interface InLine {
  granted(connection: Connection, caller: Caller): void;
  /** The connection that it might have had cannot be opened. */
  notConnected(why: NoAnswer): void;
  /** The line is full, and whoever asks for most makes room. */
  crowdedOut(): void;
  /** The provider has failed: is it still worth waiting? */
  reconsider(): void;
}

/** What a call needs of its connection: any, or one that was opened for it. */
export type Needs = 'any' | 'new';

/**
 * Connections that are being opened at once. Handshakes are what a connection costs: with more of them at a time
 * each takes longer, and the answers to those that are done wait behind them.
 */
const MOST_OPENING = 32;

/**
 * When one asks on a connection whose a token is. Where nothing has come for a second nothing of an earlier answer is
 * still on its way. To have that, or a new connection, for each of a flood of unknown tokens would cost more than all
 * else that is done for them: then five milliseconds have to do, unless such an answer has ever been seen.
 */
const QUIET_MS = 1_000;
const QUIET_IN_A_FLOOD_MS = 5;
const NEW_ONES_A_SECOND = 32;

/**
 * The connections to one provider and its bulkhead: as many calls on the wire as there may be connections, a bounded
 * line of waiting ones, taken in turn by caller, and nothing beyond. Our own rather than undici's pool, whose queue has
 * no bound and keeps calls that nobody waits for any more, and which looks for a free connection one by one.
 *
 * A connection is opened for the line as a whole: it goes to whoever is next when it is open, and whoever waited for
 * it may long have been served by one that came back.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #unknown: { readonly connections: number; readonly queue: number };
  readonly #now: () => number;
  readonly #connect: Connect;
  readonly #address: Parameters<Connect>[0];
  readonly #use: ConnectionUse;
  readonly #all = new Set<Connection>();
  /** The one used last is used next: those that are not needed come to rest, and are closed. */
  readonly #idle: Connection[] = [];
  readonly #line = new Line<InLine>();
  readonly #lineForNew = new Line<InLine>();
  readonly #held = new Map<Caller, number>();
  #opening = 0;
  #taken = 0;
  /** How many have been given back within this turn of the event loop. */
  #resting = 0;
  #isClosed = false;
  #hasStrayed = false;
  #newOnes = NEW_ONES_A_SECOND;
  #newOnesAt = 0;

  constructor(address: URL, limits: ConnectionLimits, now: () => number, onStrayBytes: () => void) {
    const { origin, protocol, host, hostname, port } = address;
    this.#limits = limits;
    this.#unknown = { connections: quarter(limits.connections), queue: quarter(limits.queue) };
    this.#now = now;
    this.#connect = connectBy(limits);
    this.#address = { protocol, host, hostname: hostname.replace(/^\[|\]$/g, ''), port };
    this.#use = {
      origin,
      keepAliveMs: limits.keepAliveMs,
      onClosed: (connection, stray) => {
        this.#hasStrayed ||= stray;
        if (stray) onStrayBytes();
        this.#lost(connection);
      },
    };
  }

  /** Connections that a call has or is about to have. */
  get taken(): number {
    return this.#taken + Math.min(this.#opening, this.#inLine);
  }

  /** Connections that are open. */
  get open(): number {
    return this.#all.size;
  }

  /** Calls in line, for which no connection is being opened. */
  get waiting(): number {
    return Math.max(0, this.#inLine - this.#opening);
  }

  get #inLine(): number {
    return this.#line.size + this.#lineForNew.size;
  }

  /** Opens a connection before it is needed. What is returned is why it cannot be opened, if so. */
  async warm(): Promise<NoAnswer | null> {
    const failed = await new Promise<NoAnswer | null>((opened) => this.#begin(opened));
    return failed ?? ((await this.#isTlsExpected()) ? TLS_EXPECTED : null);
  }

  /** Takes a connection for a caller, if they may have one more and one is free. */
  take(caller: Caller, needs: Needs): Connection | undefined {
    if (needs === 'new' || !this.#mayHave(caller)) return undefined;
    const connection = caller === UNKNOWN_OWNER ? this.#safeOne() : this.#idle.pop();
    if (connection) this.#grant(caller);
    return connection;
  }

  /** Stands in line for a connection; undefined when there is no place. */
  wait(who: InLine, caller: Caller, needs: Needs): Place<InLine> | undefined {
    const line = needs === 'new' || caller === UNKNOWN_OWNER ? this.#lineForNew : this.#line;
    if (!this.#hasPlaceFor(caller)) return undefined;
    const place = line.join(who, caller);
    if (this.#isClosed) queueMicrotask(() => this.#tellNext(CLOSED));
    this.#openMore();
    return place;
  }

  /**
   * Gives a connection back, to whoever's turn it is. They have it at the end of this turn of the event loop: by then
   * the breaker has learned from the call that has ended, and a provider that closes with its answer has closed.
   */
  release(connection: Connection, caller: Caller): void {
    this.#taken -= 1;
    const held = (this.#held.get(caller) ?? 0) - 1;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
    this.#resting += 1;
    whenAllIsRead(() => {
      this.#resting -= 1;
      // Where there may be no more connections, one that has to be new takes the place of this one.
      const isInTheWay = this.#isFull && this.#opening < this.#lineForNew.servable(this.#roomOf);
      if (isInTheWay) this.#discard(connection);
      else if (connection.isOpen) this.#offer(connection, false);
      this.#serveUnknown();
      this.#openMore();
    });
  }

  /** The provider has failed: whoever is in line need not wait for it. */
  reconsider(): void {
    for (const line of [this.#line, this.#lineForNew]) for (const who of line.everyone()) who.reconsider();
  }

  /** Waits for the calls under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#inLine > 0) this.#tellNext(CLOSED);
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  #hasPlaceFor(caller: Caller): boolean {
    const { connections, queue } = this.#limits;
    const inLine = this.#line.waitingOf(caller) + this.#lineForNew.waitingOf(caller);
    if (caller === UNKNOWN_OWNER && inLine >= this.#unknown.queue + this.#roomOf(caller)) return false;
    if (this.#taken + this.#inLine < connections + queue) return true;
    // Full: whoever has most of it makes room, unless that is who asks.
    const crowdedOut = this.#line.crowdOut(inLine + 1) ?? this.#lineForNew.crowdOut(inLine + 1);
    crowdedOut?.crowdedOut();
    return crowdedOut !== undefined;
  }

  #roomOf = (caller: Caller): number => {
    const most = caller === UNKNOWN_OWNER ? this.#unknown.connections : this.#limits.connectionsPerCaller;
    return most - (this.#held.get(caller) ?? 0);
  };

  #mayHave = (caller: Caller): boolean => this.#roomOf(caller) > 0;

  #grant(caller: Caller): void {
    this.#taken += 1;
    this.#held.set(caller, (this.#held.get(caller) ?? 0) + 1);
  }

  /**
   * A connection on which whose token it is can be asked: what came late of an earlier answer would make the token
   * somebody else's.
   */
  #safeOne(): Connection | undefined {
    const now = this.#now();
    const safe = this.#takeQuiet(now, QUIET_MS);
    if (safe || this.#idle.length === 0 || this.#hasStrayed || this.#hasNewOne(now)) return safe;
    return this.#takeQuiet(now, QUIET_IN_A_FLOOD_MS);
  }

  /** Of the idle connections over which nothing has come for so long, the one used last: few stay in use. */
  #takeQuiet(now: number, ms: number): Connection | undefined {
    if (!this.#idle[0]?.isQuiet(now, ms)) return undefined;
    const at = this.#idle.findLastIndex((connection) => connection.isQuiet(now, ms));
    return this.#idle.splice(at, 1)[0];
  }

  /** Whether one more new connection may be opened for certainty's sake alone. */
  #hasNewOne(now: number): boolean {
    const earned = ((now - this.#newOnesAt) * NEW_ONES_A_SECOND) / 1_000;
    this.#newOnes = Math.min(NEW_ONES_A_SECOND, this.#newOnes + earned);
    this.#newOnesAt = now;
    if (this.#newOnes < 1) return false;
    this.#newOnes -= 1;
    return true;
  }

  #granting(connection: Connection): (who: InLine, caller: Caller) => void {
    return (who, caller) => {
      this.#grant(caller);
      who.granted(connection, caller);
    };
  }

  /** Gives those who wait to know whose their tokens are what idle connections will do. */
  #serveUnknown(): void {
    while (this.#lineForNew.waitingOf(UNKNOWN_OWNER) > 0 && this.#mayHave(UNKNOWN_OWNER)) {
      const safe = this.#safeOne();
      if (!safe) return;
      this.#lineForNew.serveNext(isUnknown, this.#granting(safe));
    }
  }

  /** Gives an open connection to whoever's turn it is, or keeps it. */
  #offer(connection: Connection, isNew: boolean): void {
    if (this.#isClosed) return void connection.close();
    const grant = this.#granting(connection);
    if (isNew && this.#lineForNew.serveNext(this.#mayHave, grant)) return;
    if (this.#line.serveNext(this.#mayHave, grant)) return;
    connection.rest(this.#now());
    this.#idle.push(connection);
  }

  get #isFull(): boolean {
    return this.#all.size + this.#opening >= this.#limits.connections;
  }

  /** Opens as many connections as those in line can use. */
  #openMore(): void {
    if (this.#inLine === 0 || this.#isClosed) return;
    if (this.#isFull && this.#lineForNew.size === 0) return;
    const forNew = this.#lineForNew.servable(this.#roomOf);
    const wanted = forNew + this.#line.servable(this.#roomOf) - this.#resting;
    while (this.#opening < Math.min(wanted, MOST_OPENING)) {
      if (this.#isFull) {
        // One that is idle makes room for one that has to be new.
        const oldest = this.#opening < forNew ? this.#idle.shift() : undefined;
        if (!oldest) return;
        this.#discard(oldest);
      }
      this.#begin(nobody);
    }
  }

  /** Begins to open a connection. */
  #begin(opened: (failed: NoAnswer | null) => void): void {
    this.#opening += 1;
    this.#connect(this.#address, (error, socket) => {
      this.#opening -= 1;
      if (socket) {
        const connection = new Connection(socket, this.#use);
        this.#all.add(connection);
        this.#offer(connection, true);
        opened(null);
      } else {
        const why = noAnswerOf(error, false);
        this.#tellNext(why);
        opened(why);
      }
      this.#openMore();
    });
  }

  /**
   * Whether what answers at an address of plain HTTP speaks TLS. Asked for at the start, because a request would only
   * meet a connection that is closed without a word. Not through a proxy, which would have to be asked for a tunnel.
   */
  #isTlsExpected(): Promise<boolean> {
    const { protocol, port } = this.#address;
    return new Promise((told) => {
      if (protocol === 'https:' || this.#limits.proxy) return told(false);
      this.#connect({ ...this.#address, protocol: 'https:', port: port || '80' }, (error, socket) => {
        socket?.destroy();
        told(socket !== null || (connectionFaultOf(error)?.startsWith('certificate-') ?? false));
      });
    });
  }

  #tellNext(why: NoAnswer): void {
    const tell = (who: InLine) => who.notConnected(why);
    if (!this.#lineForNew.serveNext(anybody, tell)) this.#line.serveNext(anybody, tell);
  }

  #discard(connection: Connection): void {
    this.#all.delete(connection);
    void connection.close();
  }

  #lost(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#openMore();
  }
}

const CLOSED: NoAnswer = { broken: 'unreachable', code: 'CLOSED', sent: false };

const TLS_EXPECTED: NoAnswer = {
  broken: 'misconfigured',
  code: 'TLS_EXPECTED',
  sent: false,
  fault: 'tls-expected',
};

const anybody = (): boolean => true;
const isUnknown = (caller: Caller): boolean => caller === UNKNOWN_OWNER;

/** At least one: nobody could ever log in without. */
function quarter(count: number): number {
  return Math.max(1, Math.floor(count / 4));
}

function nobody(): void {}
