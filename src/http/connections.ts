import type { Socket } from 'node:net';
import { type Caller, UNKNOWN_OWNER } from './caller.ts';
import { connectBy, type Way } from './connect.ts';
import { Connection, type ConnectionUse } from './connection.ts';
import { type NoAnswer, notConnected } from './no-answer.ts';
import { IdleConnections } from './idle-connections.ts';
import type { Place } from './line.ts';
import type { Connect } from './proxy.ts';
import { type ShareLimits, Shares } from './shares.ts';
import { isTlsExpected, TLS_EXPECTED } from './tls-expected.ts';
import { whenAllIsRead } from './turns.ts';
import { type InLine, WaitingCalls } from './waiting-calls.ts';

/** How a provider is reached, and how many connections to it there may be. */
export interface ConnectionLimits extends Way, ShareLimits {
  keepAliveMs: number;
}

/** What a call needs of its connection: any, or one that was opened for it. */
export type Needs = 'any' | 'new';

/**
 * Connections that are being opened at once. Handshakes are what a connection costs: with more of them at a time
 * each takes longer, and the answers to those that are done wait behind them.
 */
const MOST_OPENING = 32;

/** How long after a burst what it lacked is opened, in ms: it is over by then, and has not to share the processor. */
const AFTER_BURST_MS = 1_000;
const MOST_OPENING_AHEAD = 8;

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
  readonly #shares: Shares;
  readonly #connect: Connect;
  readonly #address: Parameters<Connect>[0];
  readonly #use: ConnectionUse;
  readonly #all = new Set<Connection>();
  readonly #idle: IdleConnections;
  readonly #waiting = new WaitingCalls();
  /** Connections that are being opened for the line: who is in it relies on them, and fails with them. */
  #opening = 0;
  /** Others, for later. */
  #openingAhead = 0;
  /** How many have been given back within this turn of the event loop. */
  #resting = 0;
  /** How many the burst that is going on could use at once; 0 when there is none. */
  #missed = 0;
  #isClosed = false;

  constructor(address: URL, limits: ConnectionLimits, now: () => number, onStrayBytes: () => void) {
    const { origin, protocol, host, hostname, port } = address;
    this.#limits = limits;
    this.#shares = new Shares(limits);
    this.#idle = new IdleConnections(now);
    this.#connect = connectBy(limits);
    this.#address = { protocol, host, hostname: hostname.replace(/^\[|\]$/g, ''), port };
    this.#use = {
      origin,
      keepAliveMs: limits.keepAliveMs,
      onClosed: (connection, stray) => {
        if (stray) {
          this.#idle.distrust();
          onStrayBytes();
        }
        this.#lost(connection);
      },
    };
  }

  /** Connections that a call has or is about to have. */
  get taken(): number {
    return this.#shares.taken + Math.min(this.#opening, this.#waiting.size);
  }

  /** Connections that are open. */
  get open(): number {
    return this.#all.size;
  }

  /** Calls in line, for which no connection is being opened. */
  get waiting(): number {
    return Math.max(0, this.#waiting.size - this.#opening);
  }

  /** Opens a connection before it is needed. What is returned is why it cannot be opened, if so. */
  async warm(): Promise<NoAnswer | null> {
    const failed = await new Promise<NoAnswer | null>((opened) => this.#begin(opened));
    // Not through a proxy, which would have to be asked for a tunnel.
    if (failed || this.#limits.proxy) return failed;
    return (await isTlsExpected(this.#connect, this.#address)) ? TLS_EXPECTED : null;
  }

  /** Takes a connection for a caller, if they may have one more and one is free. */
  take(caller: Caller, needs: Needs): Connection | undefined {
    const share = needs === 'any' ? this.#shares.grant(caller) : undefined;
    if (!share) return undefined;
    const connection = caller === UNKNOWN_OWNER ? this.#idle.takeSafe(this.#isFull) : this.#idle.takeLast();
    if (connection) connection.share = share;
    else this.#shares.giveBack(share);
    return connection;
  }

  /** Stands in line for a connection; undefined when there is no place. */
  wait(who: InLine, caller: Caller, needs: Needs): Place<InLine> | undefined {
    const line = needs === 'new' || caller === UNKNOWN_OWNER ? this.#waiting.forNew : this.#waiting.forAny;
    if (!this.#hasPlaceFor(caller)) return undefined;
    const place = line.join(who, caller);
    if (this.#isClosed) queueMicrotask(() => this.#waiting.refuseNext(CLOSED));
    this.#openMore();
    return place;
  }

  /**
   * Gives a connection back, to whoever's turn it is. They have it at the end of this turn of the event loop: by then
   * the breaker has learned from the call that has ended, and a provider that closes with its answer has closed.
   */
  release(connection: Connection): void {
    const { share } = connection;
    if (!share) return;
    connection.share = undefined;
    this.#shares.giveBack(share);
    this.#resting += 1;
    whenAllIsRead(() => {
      this.#resting -= 1;
      // Where there may be no more connections, one that has to be new takes the place of this one.
      const { forNew } = this.#waiting;
      const isInTheWay =
        forNew.size > 0 && this.#isFull && this.#opening < forNew.servable(this.#shares.roomOf);
      if (isInTheWay) this.#discard(connection);
      else if (connection.isOpen) this.#offer(connection, false);
      if (forNew.size > 0) this.#serveUnknown();
      this.#openMore();
      if (share.caller === UNKNOWN_OWNER) this.#openSpare();
    });
  }

  /** The provider has failed: whoever is in line need not wait for it. */
  reconsider(): void {
    this.#missed = 0;
    this.#waiting.reconsider();
  }

  /** Waits for the calls under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#waiting.size > 0) this.#waiting.refuseNext(CLOSED);
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  #hasPlaceFor(caller: Caller): boolean {
    const { connections, queue } = this.#limits;
    const most = this.#shares.mostInLine(caller);
    if (most !== undefined && this.#waiting.waitingOf(caller) >= most) return false;
    if (this.#shares.taken + this.#waiting.size < connections + queue) return true;
    // Full: whoever has most of it makes room, unless that is who asks.
    return this.#waiting.crowdOut(this.#waiting.waitingOf(caller) + 1);
  }

  #granting(connection: Connection): (who: InLine, caller: Caller) => void {
    return (who, caller) => {
      connection.share = this.#shares.grant(caller);
      who.granted(connection);
    };
  }

  /** Gives those who wait to know whose their tokens are what idle connections will do. */
  #serveUnknown(): void {
    while (this.#waiting.forNew.waitingOf(UNKNOWN_OWNER) > 0 && this.#shares.mayHave(UNKNOWN_OWNER)) {
      const safe = this.#idle.takeSafe(this.#isFull);
      if (!safe) return;
      this.#waiting.forNew.serveNext(isUnknown, this.#granting(safe));
    }
  }

  /** Gives an open connection to whoever's turn it is, or keeps it. */
  #offer(connection: Connection, isNew: boolean): void {
    if (this.#isClosed) return void connection.close();
    const grant = this.#granting(connection);
    if (isNew && this.#waiting.forNew.serveNext(this.#shares.mayHave, grant)) return;
    if (this.#waiting.forAny.serveNext(this.#shares.mayHave, grant)) return;
    this.#idle.add(connection);
  }

  get #isFull(): boolean {
    return this.#all.size + this.#opening + this.#openingAhead >= this.#limits.connections;
  }

  /** Opens as many connections as those in line can use. */
  #openMore(): void {
    if (this.#waiting.size === 0 || this.#isClosed) return;
    if (this.#isFull && this.#waiting.forNew.size === 0) return;
    const forNew = this.#waiting.forNew.servable(this.#shares.roomOf);
    const wanted = forNew + this.#waiting.forAny.servable(this.#shares.roomOf) - this.#resting;
    while (this.#opening < Math.min(wanted, MOST_OPENING)) {
      if (this.#isFull) {
        // One that is idle makes room for one that has to be new.
        const oldest = this.#opening < forNew ? this.#idle.takeOldest() : undefined;
        if (!oldest) return;
        this.#discard(oldest);
      }
      this.#begin(nobody);
    }
    this.#remember(this.#shares.taken + wanted);
  }

  /**
   * Opens a connection for the next unknown token, where none would do that is open: to open it only then would cost
   * that token's owner two more round trips.
   */
  #openSpare(): void {
    if (this.#opening > 0 || this.#isFull || this.#isClosed) return;
    if (this.#idle.hasNoneSafe && this.#idle.allowsNewOne(false)) this.#begin(nobody);
  }

  /**
   * Most of a burst is served by the first connections that come back, before there are as many as it could use. Those
   * that are missing are opened when it is over: the next is not to wait for them.
   */
  #remember(usable: number): void {
    if (usable <= this.#all.size + this.#opening + this.#openingAhead) return;
    if (this.#missed === 0) setTimeout(this.#openMissing, AFTER_BURST_MS).unref();
    this.#missed = Math.max(this.#missed, usable);
  }

  readonly #openMissing = (): void => {
    const usable = Math.min(this.#missed, this.#limits.connections);
    this.#missed = 0;
    const openNext = (): void => {
      if (this.#isClosed || this.#all.size + this.#opening + this.#openingAhead >= usable) return;
      this.#openingAhead += 1;
      this.#connect(this.#address, (_error, socket) => {
        this.#openingAhead -= 1;
        // Nobody is refused for one that fails; but it was in the place of one that is needed, perhaps.
        if (!socket) return this.#openMore();
        this.#opened(socket);
        openNext();
      });
    };
    for (let at = 0; at < MOST_OPENING_AHEAD; at += 1) openNext();
  };

  /**
   * Begins to open a connection. One that the other side breaks off is begun once more: a balancer that reloads drops
   * those that wait to be accepted, all at once, and that is no trouble of the provider's.
   */
  #begin(opened: (failed: NoAnswer | null) => void, isAgain = false): void {
    this.#opening += 1;
    this.#connect(this.#address, (error, socket) => {
      this.#opening -= 1;
      if (socket) {
        this.#opened(socket);
        opened(null);
      } else {
        const why = notConnected(error);
        if (why.fault === 'broken-off' && !isAgain && !this.#isClosed) return this.#begin(opened, true);
        this.#waiting.refuseNext(why);
        opened(why);
      }
      this.#openMore();
    });
  }

  #opened(socket: Socket): void {
    const connection = new Connection(socket, this.#use);
    this.#all.add(connection);
    this.#offer(connection, true);
  }

  #discard(connection: Connection): void {
    this.#all.delete(connection);
    void connection.close();
  }

  #lost(connection: Connection): void {
    this.#all.delete(connection);
    this.#idle.remove(connection);
    this.#openMore();
  }
}

const CLOSED: NoAnswer = { broken: 'unreachable', code: 'CLOSED', sent: false };

const isUnknown = (caller: Caller): boolean => caller === UNKNOWN_OWNER;

function nobody(): void {}
