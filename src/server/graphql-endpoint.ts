import type { ApolloServer } from '@apollo/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../settings/config.ts';
import type { Context, IncomingRequest } from '../request/context.ts';
import { Lifetime } from '../http/lifetime.ts';
import { NotAnswered, Refusal, send } from './answers.ts';
import { HeaderView } from '../graphql/apollo.ts';
import { readJson } from './body.ts';
import type { KnownOperations } from '../graphql/known-operations.ts';

/** What answering GraphQL requests takes, beside Apollo Server. */
export interface EndpointParts {
  config: Pick<Config, 'maxInFlight' | 'operationTimeoutMs'>;
  /** Made for each GraphQL request before it is looked at. */
  contextOf(request: IncomingRequest): Context;
}

/** Between HTTP and Apollo Server: not too many requests at once, each with its body and its time. */
export function graphqlEndpoint(
  { config, contextOf }: EndpointParts,
  apollo: ApolloServer<Context>,
  known: KnownOperations,
) {
  let inFlight = 0;

  async function execute(req: IncomingMessage, res: ServerResponse, isFromRouter: boolean): Promise<void> {
    const { headers } = req;
    const lifetime = new Lifetime();
    res.once('close', () => {
      if (!res.writableEnded) lifetime.end('client left');
    });
    const body = await readJson(req);
    // While the body was being decompressed.
    if (lifetime.ended) throw new NotAnswered();
    const deadline = setTimeout(timeOut, config.operationTimeoutMs, lifetime);
    try {
      const context = contextOf({ headers, isFromRouter, lifetime });
      const ids = { 'x-request-id': context.operation.requestId };
      const answer = known.answer(body, headers.accept, context);
      if (answer) {
        const { contentType, body: text } = answer instanceof Promise ? await answer : answer;
        return send(res, 200, contentType, text, ids);
      }
      const answered = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: new HeaderView(headers), search: '', body },
        context: async () => context,
      });
      if (answered.body.kind !== 'complete') throw new Error('An answer in parts was not expected.');
      for (const [name, value] of answered.headers) res.setHeader(name, value);
      const { status = 200 } = answered;
      const contentType = answered.headers.get('content-type') ?? '';
      if (status === 200) known.learnContentType(headers.accept, contentType);
      send(res, status, contentType, answered.body.string, ids);
    } finally {
      clearTimeout(deadline);
    }
  }

  return {
    inFlight: () => inFlight,

    /** Answers a POST. Rejects with a `Refusal` what never becomes an operation. */
    async answer(req: IncomingMessage, res: ServerResponse, isFromRouter: boolean): Promise<void> {
      if (inFlight >= config.maxInFlight)
        throw new Refusal(503, 'OVERLOADED', 'Too many requests are being answered. Try again in a second.', {
          'retry-after': '1',
        });
      inFlight += 1;
      try {
        await execute(req, res, isFromRouter);
      } finally {
        inFlight -= 1;
      }
    },
  };
}

function timeOut(lifetime: Lifetime): void {
  lifetime.end('deadline');
}
