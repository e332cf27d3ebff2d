import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../settings/config.ts';
import { maskedMessage } from '../graphql/format-error.ts';
import { requestIdOf } from '../request/context.ts';
import type { Soon } from '../loading/soon.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { NotAnswered, Refusal, sendRefusal } from './answers.ts';
import { isReading, refusalOfParser, unreadRefusal } from './unread.ts';

// Imported as an ES module it would have Node load its own `fetch` and `WebSocket`, 10 ms of a start.
const node = process.getBuiltinModule('node:http');

/** What HTTP takes. */
export interface HttpParts {
  config: Pick<Config, 'host' | 'port' | 'idleConnectionSeconds' | 'operationTimeoutMs'>;
  patience: Patience;
  log: Logger;
  metrics: Pick<Metrics, 'response'>;
}

/** What is found out about a request before it is answered. */
export interface Arrival {
  path: string;
  requestId: string;
  /** Whether the server is about to stop. */
  isStopping: boolean;
}

/** Answers a request. Rejects with a `Refusal` or `NotAnswered` when it does not. */
export type Answering = (req: IncomingMessage, res: ServerResponse, arrival: Arrival) => Soon<void>;

/** How long the server waits for others, in ms. */
export interface Patience {
  /** For a request's headers, and for all of a request: a client that drips its bytes holds nothing for longer. */
  headers: number;
  request: number;
  /** How often those two are looked at. */
  check: number;
  /** For an answer to be taken, once it is made: a client that reads slowly, or not at all, keeps it in memory. */
  taking: number;
  /** For load balancers to see that this server is not ready any more, before it stops accepting. */
  unready: number;
  /** For the operations in flight, once it has stopped accepting, beyond the deadline that each has. */
  drain: number;
}

export const usualPatience: Patience = {
  headers: 5_000,
  request: 8_000,
  check: 1_000,
  taking: 30_000,
  unready: 5_000,
  drain: 1_000,
};

const WITHOUT_HOST = new Refusal(400, 'BAD_REQUEST', 'A request of HTTP/1.1 has a host header.');

/** Bytes of an answer that the system takes at once, or in no time. */
const SOON_TAKEN = 64 * 1024;

/** Not counted: a server that stops says 503 there, which is nothing that was refused. */
const HEALTH = new Set(['/livez', '/readyz']);

/** Opens the port: connections, their waits, and what is refused in words. Rejects when it cannot be had. */
export async function openHttp({ config, patience, log, metrics }: HttpParts, answer: Answering) {
  let stopped: Promise<void> | undefined;

  /**
   * Once the server stops a connection ends with its answer, so that none is closed under a request on its way. Asked
   * when an answer is sent: a set of those under way would keep their memory long after (V8's sets leave the tables
   * that they have outgrown to the old generation, and all that was in them).
   */
  class Answer extends node.ServerResponse {
    override writeHead(...head: unknown[]): this {
      if (stopped) this.shouldKeepAlive = false;
      return super.writeHead(...(head as [number]));
    }
  }

  const http = node.createServer(
    {
      ServerResponse: Answer,
      // Refused here, in words.
      requireHostHeader: false,
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.check,
      // Longer than the other side keeps one: whoever closes first loses a request that is on its way.
      keepAliveTimeout: config.idleConnectionSeconds * 1_000,
      maxHeaderSize: 16 * 1024,
      // Of two `authorization` Node would keep the first, which may be the client's beside the gateway's own.
      joinDuplicateHeaders: true,
    },
    (req, res) => void respond(req, res),
  );
  http.on(
    'checkExpectation',
    (req, res) => void respond(req, res, new Refusal(417, 'BAD_REQUEST', 'Expect nothing but 100-continue.')),
  );
  http.on('clientError', refuseUnread);

  async function respond(req: IncomingMessage, res: ServerResponse, refusal?: Refusal): Promise<void> {
    const path = pathOf(req);
    const requestId = requestIdOf(req.headers);
    try {
      if (refusal) throw refusal;
      if (req.httpVersion === '1.1' && req.headers.host === undefined) throw WITHOUT_HOST;
      await answer(req, res, { path, requestId, isStopping: stopped !== undefined });
    } catch (error) {
      if (error instanceof Refusal) {
        told(error, requestId);
        sendRefusal(res, error, requestId);
      } else if (!(error instanceof NotAnswered)) {
        log.error({ requestId, err: error }, 'A request met an error that nobody foresaw.');
        sendRefusal(res, new Refusal(500, 'INTERNAL_SERVER_ERROR', maskedMessage(requestId)), requestId);
      }
    }
    if (res.headersSent && !HEALTH.has(path)) metrics.response(res.statusCode);
    if (res.writableLength > SOON_TAKEN) untilTaken(res, requestId);
  }

  /** Cuts off an answer that is not taken. A gateway reads as fast as it can, so nobody else waits for that long. */
  function untilTaken(res: ServerResponse, requestId: string): void {
    const late = setTimeout(() => {
      log.debug({ requestId, bytes: res.writableLength }, 'An answer was not taken in time and was cut off.');
      res.destroy();
    }, patience.taking);
    res.once('close', () => clearTimeout(late));
  }

  function told(refusal: Refusal, requestId: string): void {
    const { status, code, message: reason } = refusal;
    log.debug({ requestId, status, code, reason }, 'A request was refused.');
  }

  /** What Node's parser turns away, or nobody has sent all of in time. */
  function refuseUnread(error: Error, socket: Duplex): void {
    const refusal = refusalOfParser(error);
    if (!refusal || !isReading(socket)) return void socket.destroy();
    const requestId = randomUUID();
    told(refusal, requestId);
    metrics.response(refusal.status);
    socket.end(unreadRefusal(refusal, requestId), () => socket.destroy());
  }

  async function stop(afterwards: () => Promise<void>): Promise<void> {
    await delay(patience.unready);
    const closed = new Promise((resolve) => http.close(resolve));
    const bound = setTimeout(() => http.closeAllConnections(), config.operationTimeoutMs + patience.drain);
    await closed;
    clearTimeout(bound);
    await afterwards();
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(config.port, config.host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}`,
    port,
    /** Stops without losing a request, then does what is to be done once nobody asks any more. */
    stop: (afterwards: () => Promise<void>) => (stopped ??= stop(afterwards)),
  };
}

/** A target may be a whole address, as proxies are asked (RFC 9112, section 3.2.2): its path counts. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  const query = target.indexOf('?');
  return (query < 0 ? target : target.slice(0, query)) || '/';
}
