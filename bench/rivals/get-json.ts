import { Client, Pool, type Dispatcher } from 'undici';
import { whenAllIsRead, whenAllIsReady } from '../../src/http/turns.ts';
import { isInRows, pool } from './settings.ts';

/** A JSON body, of which nothing is known. */
// oxlint-disable-next-line typescript/no-explicit-any -- the rivals believe what a provider says, as is usual
export type Json = any;

type GetJson = (path: string, headers: Record<string, string>) => Promise<Json>;

/** GETs JSON with undici's `dispatch` and the smallest handler there is: as fast as anybody can, without pipelining. */
export function openGetJson(origin: string): GetJson {
  return isInRows ? inRows(origin) : inAPool(origin);
}

function inAPool(origin: string): GetJson {
  const connections = new Pool(origin, pool);
  return (path, headers) =>
    new Promise((resolve, reject) => {
      connections.dispatch({ path, method: 'GET', headers }, new Answer(resolve, reject));
    });
}

/** The same on connections as this subgraph has them, the one used last first, and each step for everybody in a row. */
function inRows(origin: string): GetJson {
  const idle: Client[] = [];
  const waiting: ((connection: Client) => void)[] = [];
  let open = 0;
  const release = (connection: Client) => {
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push(connection);
  };
  return (path, headers) =>
    new Promise((resolve, reject) => {
      const send = (connection: Client) =>
        whenAllIsReady(() => {
          const ended = (settle: () => void) => {
            whenAllIsRead(settle);
            release(connection);
          };
          const answer = new Answer(
            (json) => ended(() => resolve(json)),
            (error) => ended(() => reject(error)),
          );
          connection.dispatch({ path, method: 'GET', headers }, answer);
        });
      const free = idle.pop();
      if (free) return send(free);
      if (open === pool.connections) return void waiting.push(send);
      open += 1;
      return send(new Client(origin, pool));
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
