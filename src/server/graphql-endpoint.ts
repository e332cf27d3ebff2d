import type { ApolloServer } from '@apollo/server';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../settings/config.ts';
import type { Context, IncomingRequest } from '../request/context.ts';
import { systemClock } from '../http/clock.ts';
import { Lifetime } from '../http/lifetime.ts';
import { TimeLimit } from '../http/time-limit.ts';
import { acceptedType } from './accept.ts';
import { NotAnswered, send } from './answers.ts';
import { HeaderView } from '../graphql/apollo.ts';
import { readJson } from './body.ts';
import { InFlight, type MostInFlight } from './in-flight.ts';
import { graphqlRequest } from './graphql-request.ts';
import { after, type Soon } from '../loading/soon.ts';
import type { Endings } from '../graphql/observing.ts';
import { type Body, serialised } from './serialise.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Answered, KnownOperations } from '../graphql/known-operations.ts';

/** What answering GraphQL requests takes, beside Apollo Server. */
export interface EndpointParts {
  config: Pick<Config, 'maxAnswerBytes' | 'operationTimeoutMs'> & MostInFlight;
  log: Logger;
  /** Made for each GraphQL request before it is looked at. */
  contextOf(request: IncomingRequest): Context;
}

/** What operations are executed by. */
interface Executors {
  apollo: ApolloServer<Context>;
  known: KnownOperations;
  endings: Endings;
}

/** What the front door has found out about a request. */
type Sender = Pick<IncomingRequest, 'isFromRouter' | 'requestId'>;

/** Between HTTP and Apollo Server: not too many requests at once, each with its body and its time. */
export function graphqlEndpoint(
  { config, contextOf, log }: EndpointParts,
  { apollo, known, endings }: Executors,
) {
  const inFlight = new InFlight(config);
  const deadline = new TimeLimit(config.operationTimeoutMs, systemClock);

  async function answer(req: IncomingMessage, res: ServerResponse, sender: Sender): Promise<void> {
    inFlight.expectRoom();
    const { headers } = req;
    const contentType = acceptedType(headers.accept);
    const lifetime = new Lifetime();
    res.once('close', () => {
      if (!res.writableEnded) lifetime.end('client left');
    });
    const body = await readJson(req);
    // While the body was being decompressed.
    if (lifetime.ended) throw new NotAnswered();
    const context = contextOf({ headers, ...sender, lifetime });
    // Only now, so that whoever drips a body holds no place. Who asks is as far as it is known now.
    const { caller } = context.operation;
    const share = inFlight.enter({ caller, isOperator: context.viewer.isOperator });
    const running = deadline.begin(lifetime, performance.now());
    try {
      const soon = known.answer(body, context);
      const answered =
        soon && !(soon instanceof Promise) ? soon : await (soon ?? byApollo(body, headers, context));
      const written = bodyOf(answered, sender);
      const text = written instanceof Promise ? await written : written;
      send(res, answered.status ?? 200, contentType, text, { 'x-request-id': sender.requestId });
    } finally {
      deadline.end(running);
      inFlight.leave(share);
    }
  }

  async function byApollo(body: unknown, headers: IncomingHttpHeaders, context: Context): Promise<Answered> {
    const http = { method: 'POST', headers: new HeaderView(headers), search: '', body };
    const answered = await apollo.executeOperation(
      { ...graphqlRequest(body), http },
      { contextValue: context },
    );
    if (answered.body.kind !== 'single') throw new Error('An answer in parts was not expected.');
    // In the order that GraphQL over HTTP recommends.
    const { errors, data, extensions } = answered.body.singleResult;
    return {
      answer: { errors, data, extensions },
      status: answered.http.status,
      tell: (instead) => endings.get(context.operation)?.(instead),
    };
  }

  function bodyOf({ answer, characters, tell }: Answered, { requestId }: Sender): Soon<Body> {
    return after(serialised(answer, config.maxAnswerBytes, { characters }), (body) => {
      if (body !== undefined) {
        tell();
        return body;
      }
      log.warn({ requestId }, 'An answer was larger than MAX_ANSWER_BYTES and was not sent.');
      const message = `The answer takes more than ${config.maxAnswerBytes} bytes and is not sent. Ask for less, or in several operations. A mutation has been carried out all the same: look at the current state before sending it again.`;
      const errors = [{ message, extensions: { code: 'BAD_USER_INPUT' } }];
      tell(errors);
      return `${JSON.stringify({ errors, data: null })}\n`;
    });
  }

  return {
    inFlight: () => inFlight.count,

    /** Answers a POST. Rejects with a `Refusal` what never becomes an operation. */
    answer,
  };
}
