import { Pool, type Dispatcher } from 'undici';
import { pool } from './settings.ts';

/** A JSON body, of which nothing is known. */
// oxlint-disable-next-line typescript/no-explicit-any -- the rivals believe what a provider says, as is usual
export type Json = any;

/** GETs JSON with undici's `dispatch` and the smallest handler there is: as fast as anybody can, without pipelining. */
export function openGetJson(
  origin: string,
): (path: string, headers: Record<string, string>) => Promise<Json> {
  const connections = new Pool(origin, pool);
  return (path, headers) =>
    new Promise((resolve, reject) => {
      connections.dispatch({ path, method: 'GET', headers }, new Answer(resolve, reject));
    });
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (json: Json) => void;
  readonly #reject: (error: Error) => void;
  #status = 0;
  #text = '';

  constructor(resolve: (json: Json) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }
  onRequestStart(): void {}
  onResponseStart(_controller: unknown, status: number): void {
    this.#status = status;
  }
  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#text += chunk.toString();
  }
  onResponseEnd(): void {
    if (this.#status !== 200) return this.#reject(new Error(`answered ${this.#status}`));
    try {
      this.#resolve(JSON.parse(this.#text));
    } catch (error) {
      this.#reject(error as Error);
    }
  }
  onResponseError(_controller: unknown, error: Error): void {
    this.#reject(error);
  }
}
