import type { ApolloServer } from '@apollo/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../settings/config.ts';
import type { Context, IncomingRequest } from '../request/context.ts';
import { Lifetime } from '../http/lifetime.ts';
import { acceptedType } from './accept.ts';
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

/** What the front door has found out about a request. */
type Sender = Pick<IncomingRequest, 'isFromRouter' | 'requestId'>;

/** Between HTTP and Apollo Server: not too many requests at once, each with its body and its time. */
export function graphqlEndpoint(
  { config, contextOf }: EndpointParts,
  apollo: ApolloServer<Context>,
  known: KnownOperations,
) {
  let inFlight = 0;

  async function execute(req: IncomingMessage, res: ServerResponse, sender: Sender): Promise<void> {
    const { headers } = req;
    const contentType = acceptedType(headers.accept);
    const lifetime = new Lifetime();
    res.once('close', () => {
      if (!res.writableEnded) lifetime.end('client left');
    });
    const body = await readJson(req);
    // While the body was being decompressed.
    if (lifetime.ended) throw new NotAnswered();
    const deadline = setTimeout(timeOut, config.operationTimeoutMs, lifetime);
    try {
      const context = contextOf({ headers, ...sender, lifetime });
      const ids = { 'x-request-id': sender.requestId };
      const answer = known.answer(body, context);
      if (answer) return send(res, 200, contentType, answer instanceof Promise ? await answer : answer, ids);
      const answered = await apollo.executeHTTPGraphQLRequest({
        // It chooses a content type too, after it has executed: it is left one to choose from.
        httpGraphQLRequest: {
          method: 'POST',
          headers: new HeaderView({ ...headers, accept: contentType }),
          search: '',
          body,
        },
        context: async () => context,
      });
      if (answered.body.kind !== 'complete') throw new Error('An answer in parts was not expected.');
      for (const [name, value] of answered.headers) res.setHeader(name, value);
      send(res, answered.status ?? 200, contentType, answered.body.string, ids);
    } finally {
      clearTimeout(deadline);
    }
  }

  return {
    inFlight: () => inFlight,

    /** Answers a POST. Rejects with a `Refusal` what never becomes an operation. */
    async answer(req: IncomingMessage, res: ServerResponse, sender: Sender): Promise<void> {
      if (inFlight >= config.maxInFlight)
        throw new Refusal(503, 'OVERLOADED', 'Too many requests are being answered. Try again in a second.', {
          'retry-after': '1',
        });
      inFlight += 1;
      try {
        await execute(req, res, sender);
      } finally {
        inFlight -= 1;
      }
    },
  };
}

function timeOut(lifetime: Lifetime): void {
  lifetime.end('deadline');
}
