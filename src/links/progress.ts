import type { Writable } from 'node:stream';

/** Standard error: a person's terminal, or a file that somebody reads later. */
export type Terminal = Writable & { readonly isTTY?: boolean };

const TERMINAL_MS = 100;
const FILE_MS = 5_000;

/** Shows how far a long command is: one line that changes on a terminal, now and then a line elsewhere. */
export function showProgress(to: Terminal, things: string, now = () => performance.now()) {
  const every = to.isTTY ? TERMINAL_MS : FILE_MS;
  const start = now();
  let shownAt = start;
  return {
    at(count: number): void {
      if (now() - shownAt < every) return;
      shownAt = now();
      const rate = Math.round(count / ((shownAt - start) / 1_000));
      to.write(`${to.isTTY ? '\r\x1b[K' : ''}${count} ${things}, ${rate} a second${to.isTTY ? '' : '\n'}`);
    },
    say(words: string): void {
      to.write(`${words}\n`);
    },
    /** Makes room for the result, or for what went wrong. */
    end(): void {
      if (to.isTTY) to.write('\r\x1b[K');
    },
  };
}
