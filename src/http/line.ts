import type { Caller } from './caller.ts';

/** One caller's calls in line, in the order they came. */
interface Turn<T> {
  readonly caller: Caller;
  /** Those that have left are still in here, emptied, until it is their turn. */
  places: Place<T>[];
  first: number;
  waiting: number;
}

/** A call in line. */
export class Place<T> {
  /** Emptied when the line is left: what an array once held may live long (see `ReadsInFlight`). */
  who: T | undefined;
  /** Where it stands: with whoever asked first, and with each other who waits for the same. */
  turn: Turn<T>;
  others: Turn<T>[] | undefined;
  readonly #line: Line<T>;

  constructor(line: Line<T>, who: T, turn: Turn<T>) {
    this.#line = line;
    this.who = who;
    this.turn = turn;
  }

  /** A further caller waits for the same call: it is served at the turn of whoever's comes first. */
  alsoFor(caller: Caller): void {
    this.#line.alsoFor(caller, this);
  }

  leave(): void {
    this.#line.leave(this);
  }
}

/**
 * Calls that wait, taken in turn by caller: the first of each, then the second of each ("round robin"; Nagle, RFC 970).
 * Whoever has a hundred calls in line does not keep somebody with one waiting for a hundred answers.
 */
export class Line<T> {
  readonly #byCaller = new Map<Caller, Turn<T>>();
  /** Whose turn it is, first. */
  readonly #turns: Turn<T>[] = [];
  #size = 0;

  /** Calls in line. */
  get size(): number {
    return this.#size;
  }

  /** How many calls of a caller are in line. */
  waitingOf(caller: Caller): number {
    return this.#byCaller.get(caller)?.waiting ?? 0;
  }

  /** Stands in line. */
  join(who: T, caller: Caller): Place<T> {
    const turn = this.#turnOf(caller);
    const place = new Place(this, who, turn);
    this.#size += 1;
    add(turn, place);
    return place;
  }

  alsoFor(caller: Caller, place: Place<T>): void {
    if (place.who === undefined) return;
    const turn = this.#turnOf(caller);
    if (turn === place.turn || place.others?.includes(turn)) return;
    (place.others ??= []).push(turn);
    add(turn, place);
  }

  leave(place: Place<T>): void {
    if (place.who === undefined) return;
    place.who = undefined;
    this.#size -= 1;
    this.#isLeft(place.turn);
    for (const turn of place.others ?? []) this.#isLeft(turn);
  }

  /** Takes the next call out of the line and tells it, of those whose caller may have one more; false without any. */
  serveNext(mayHave: (caller: Caller) => boolean, tell: (who: T, caller: Caller) => void): boolean {
    for (let looked = this.#turns.length; looked > 0; looked--) {
      const turn = this.#turns.shift() as Turn<T>;
      this.#turns.push(turn);
      if (!mayHave(turn.caller)) continue;
      const place = firstIn(turn);
      const who = place.who as T;
      this.leave(place);
      tell(who, turn.caller);
      return true;
    }
    return false;
  }

  /** How many of the calls in line can be served now, by how many more each caller may have. */
  servable(roomOf: (caller: Caller) => number): number {
    let count = 0;
    for (const { caller, waiting } of this.#turns) count += Math.min(waiting, Math.max(0, roomOf(caller)));
    return Math.min(count, this.#size);
  }

  /** Takes the last call out that whoever has most in line has, if that is more than `count`. */
  crowdOut(count: number): T | undefined {
    let longest: Turn<T> | undefined;
    for (const turn of this.#turns) if (turn.waiting > (longest?.waiting ?? count)) longest = turn;
    const place = longest?.places.findLast(({ who }) => who !== undefined);
    const who = place?.who;
    place?.leave();
    return who;
  }

  /** All who are in line. */
  everyone(): T[] {
    const found = new Set<T>();
    for (const { places } of this.#turns) for (const { who } of places) if (who !== undefined) found.add(who);
    return [...found];
  }

  #turnOf(caller: Caller): Turn<T> {
    let turn = this.#byCaller.get(caller);
    if (turn) return turn;
    turn = { caller, places: [], first: 0, waiting: 0 };
    this.#byCaller.set(caller, turn);
    this.#turns.push(turn);
    return turn;
  }

  #isLeft(turn: Turn<T>): void {
    turn.waiting -= 1;
    if (turn.waiting > 0) return;
    this.#byCaller.delete(turn.caller);
    this.#turns.splice(this.#turns.lastIndexOf(turn), 1);
    turn.places = [];
  }
}

function add<T>(turn: Turn<T>, place: Place<T>): void {
  if (turn.places.length > 2 * turn.waiting + 64) {
    turn.places = turn.places.filter(({ who }) => who !== undefined);
    turn.first = 0;
  }
  turn.places.push(place);
  turn.waiting += 1;
}

/** The first that has not left. There is one: a turn without any is dismissed. */
function firstIn<T>(turn: Turn<T>): Place<T> {
  while (turn.places[turn.first]?.who === undefined) turn.first += 1;
  return turn.places[turn.first] as Place<T>;
}
