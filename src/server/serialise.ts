import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Soon } from '../loading/soon.ts';

/** The body of an answer: text, or its bytes in pieces where it is long. */
export type Body = string | Buffer | readonly Buffer[];

/** Characters up to which an answer is made into text at once, and a part of a long one. */
const SHORT = 512 * 1024;
const SHORT_PART = 4 * 1024;
/** Characters that are gathered before they become bytes. */
const PIECE = 64 * 1024;
/** Pieces that are made in one go, some milliseconds of work. Then others have their turn. */
const PIECES_IN_A_GO = 16;

/** What is short, and how long an answer is. */
interface Lengths {
  /** How long it is at most, but for what has to be escaped; where that is known. Then it is not looked at. */
  characters?: number | undefined;
  short?: number;
  shortPart?: number;
}

/**
 * An answer as JSON with a line feed, undefined when it takes more than `mostBytes`. What is short is one text. What is
 * long is made piece by piece and given up as soon as it is too long: a value that stands in a thousand places is one
 * in memory, and its text would be a thousand. A long text is written once, and its bytes are sent wherever it stands.
 * Whatever else there is to do is done in between, so the answer must not change any more.
 */
export function serialised(
  answer: unknown,
  mostBytes: number,
  { characters, short = SHORT, shortPart = SHORT_PART }: Lengths = {},
): Soon<Body | undefined> {
  if (characters === undefined ? isShort(answer, short) : characters <= short) {
    const text = `${JSON.stringify(answer)}\n`;
    // In UTF-8 a character of text takes three bytes at most.
    return text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes ? text : undefined;
  }
  return inPieces(answer, mostBytes, shortPart);
}

async function inPieces(
  answer: unknown,
  mostBytes: number,
  shortPart: number,
): Promise<readonly Buffer[] | undefined> {
  const pieces = new Pieces(mostBytes, shortPart);
  try {
    const work = pieces.of(answer);
    while (!work.next().done) await othersFirst();
    pieces.write('\n');
    return pieces.end();
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

class TooLong extends Error {}

class Pieces {
  readonly #pieces: Buffer[] = [];
  readonly #longTexts = new Map<string, Buffer>();
  readonly #mostBytes: number;
  readonly #shortPart: number;
  #bytes = 0;
  #text = '';
  #piecesAfterThisGo = PIECES_IN_A_GO;

  constructor(mostBytes: number, shortPart: number) {
    this.#mostBytes = mostBytes;
    this.#shortPart = shortPart;
  }

  /** Makes them as `JSON.stringify` would write a value; yields when it is time for others. */
  *of(value: unknown): Generator<void> {
    if (typeof value !== 'object' || value === null || isShort(value, this.#shortPart))
      return this.#addPart(value);
    const isList = Array.isArray(value);
    let before = isList ? '[' : '{';
    for (const [key, below] of isList ? value.entries() : Object.entries(value)) {
      if (below === undefined && !isList) continue;
      this.write(isList ? before : `${before}${JSON.stringify(key)}:`);
      if (typeof below !== 'object') this.#addPart(below);
      else yield* this.of(below);
      before = ',';
      if (this.#pieces.length < this.#piecesAfterThisGo) continue;
      yield;
      this.#piecesAfterThisGo = this.#pieces.length + PIECES_IN_A_GO;
    }
    if (before !== ',') this.write(before);
    this.write(isList ? ']' : '}');
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length > PIECE) this.#flush();
  }

  end(): readonly Buffer[] {
    this.#flush();
    return this.#pieces;
  }

  #addPart(value: unknown): void {
    if (typeof value === 'string' && value.length > this.#shortPart) return this.#addLong(value);
    this.write(JSON.stringify(value) ?? 'null');
  }

  #addLong(text: string): void {
    let bytes = this.#longTexts.get(text);
    if (!bytes) this.#longTexts.set(text, (bytes = Buffer.from(JSON.stringify(text))));
    this.#flush();
    this.#push(bytes);
  }

  #flush(): void {
    if (this.#text !== '') this.#push(Buffer.from(this.#text));
    this.#text = '';
  }

  #push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#mostBytes) throw new TooLong();
    this.#pieces.push(piece);
  }
}

/** Whether a value's texts are no longer than this together, all else counted as a few characters. No longer than that is looked. */
function isShort(value: unknown, most: number): boolean {
  return weigh(value, most) >= 0;
}

/** What is left of `room` when a value has taken its part, below zero when it is too little. */
function weigh(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length - 4;
  if (typeof value !== 'object' || value === null) return room - 4;
  if (Array.isArray(value)) {
    let left = room - 2;
    for (const element of value) {
      if (left < 0) return left;
      left = weigh(element, left);
    }
    return left;
  }
  let left = room - 2;
  for (const key in value) {
    if (left < 0) return left;
    left = weigh((value as Record<string, unknown>)[key], left - key.length - 4);
  }
  return left;
}
