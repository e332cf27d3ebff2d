import type { CommandWorld } from '../../src/links/command-world.ts';
import type { Linkable } from '../../src/links/links.ts';

/** Three providers that are not the product's: the links know none by name. */
export const linkable: Linkable = {
  numbers: { externalId: /^[1-9][0-9]*$/, secret: 'none' },
  words: { externalId: /^[a-z-]+$/, secret: 'optional' },
  vault: { externalId: /^[0-9a-z]+$/, secret: 'required' },
};

export const keyA = Buffer.alloc(32, 'a');
export const keyB = Buffer.alloc(32, 'b');

/** The id of the n-th user. */
export const user = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Lines for `import`. */
export const ndjson = (...lines: readonly object[]) =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** For commands that ask nobody who there is. */
export const noStandings: CommandWorld['standings'] = () => {
  throw new Error('nobody is asked');
};
