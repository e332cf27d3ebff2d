import type { ApolloServer } from '@apollo/server';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { Refusal, send } from './answers.ts';
import { HeaderView } from './apollo.ts';
import { readJson } from './body.ts';
import type { KnownOperations } from './known-operations.ts';

/** What answering GraphQL requests takes, beside Apollo Server. */
export interface EndpointParts {
  config: Pick<Config, 'maxInFlight' | 'operationTimeoutMs'>;
  /** Made for each GraphQL request before it is looked at. */
  contextOf(request: { headers: IncomingHttpHeaders; signal: AbortSignal }): Context;
}

/** Between HTTP and Apollo Server: not too many requests at once, each with its body, its time and its signal. */
export function graphqlEndpoint(
  { config, contextOf }: EndpointParts,
  apollo: ApolloServer<Context>,
  known: KnownOperations,
) {
  let inFlight = 0;

  async function execute(body: unknown, req: IncomingMessage, res: ServerResponse): Promise<void> {
    // One flat signal for both reasons to stop: a signal made of signals is never freed.
    const abort = new AbortController();
    const deadline = setTimeout(timeOut, config.operationTimeoutMs, abort);
    res.once('close', () => {
      if (!res.writableEnded) abort.abort();
    });
    try {
      const context = contextOf({ headers: req.headers, signal: abort.signal });
      res.setHeader('x-request-id', context.operation.requestId);
      const { accept } = req.headers;
      const answer = await known.answer(body, accept, context);
      if (answer) return send(res, 200, answer.contentType, answer.body);
      const answered = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: new HeaderView(req.headers), search: '', body },
        context: async () => context,
      });
      if (answered.body.kind !== 'complete') throw new Error('An answer in parts was not expected.');
      for (const [name, value] of answered.headers) res.setHeader(name, value);
      const { status = 200 } = answered;
      const contentType = answered.headers.get('content-type') ?? '';
      if (status === 200) known.learnContentType(accept, contentType);
      send(res, status, contentType, answered.body.string);
    } finally {
      clearTimeout(deadline);
    }
  }

  return {
    inFlight: () => inFlight,

    /** Answers a POST. Rejects with a `Refusal` what never becomes an operation. */
    async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
      if (inFlight >= config.maxInFlight)
        throw new Refusal(503, 'OVERLOADED', 'Too many requests are being answered. Try again in a second.', {
          'retry-after': '1',
        });
      inFlight += 1;
      try {
        await execute(await readJson(req), req, res);
      } finally {
        inFlight -= 1;
      }
    },
  };
}

function timeOut(abort: AbortController): void {
  abort.abort(new DOMException('The operation took too long.', 'TimeoutError'));
}
