import { ApolloServer, HeaderMap } from '@apollo/server';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedType } from '../../src/server/accept.ts';
import { Refusal } from '../../src/server/answers.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

test.each([
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  ['Application/JSON', JSON_TYPE],
  ['application/json; charset=utf-8', JSON_TYPE],
  ['application/json; charset="UTF-8"', JSON_TYPE],
  ['application/json;charset=utf8', JSON_TYPE],
  ['application/graphql-response+json; charset=UTF8;q=0.5', GRAPHQL_TYPE],
  ['application/graphql-response+json', GRAPHQL_TYPE],
  ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE],
  ['application/graphql-response+json;q=0.9, application/json', JSON_TYPE],
  ['application/json;q=0, */*', GRAPHQL_TYPE],
  ['multipart/mixed, application/json', JSON_TYPE],
])('accept: %s is answered with %s', (accept, type) => {
  expect(acceptedType(accept)).toBe(type);
});

test.each([
  'text/html',
  'application/json;v=2',
  'application/json; charset=utf-16',
  'application/json; charset=utf8x',
  'application/json;q=0',
  '*/*;q=0',
  'multipart/mixed',
  'text/event-stream',
  'json',
])('accept: %s is refused', (accept) => {
  expect(() => acceptedType(accept)).toThrow(Refusal);
});

test('what is accepted is what Apollo Server would answer with', async () => {
  const apollo = new ApolloServer({ typeDefs: 'type Query { a: Int }' });
  await apollo.start();
  onTestFinished(() => apollo.stop());
  const chosenByApollo = async (accept: string) => {
    const headers = new HeaderMap([
      ['accept', accept],
      ['content-type', 'application/json'],
    ]);
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body: { query: '{ a }' } };
    const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({}) });
    return answer.status === 406 ? 'refused' : answer.headers.get('content-type');
  };
  const chosenHere = (accept: string) => {
    try {
      return acceptedType(accept);
    } catch {
      return 'refused';
    }
  };
  const range = fc
    .tuple(
      fc.constantFrom(
        'application/json',
        'application/graphql-response+json',
        'application/*',
        '*/*',
        'text/html',
        'x',
      ),
      fc.constantFrom('', ';charset=utf-8', '; charset="UTF-8"', ';v=2', ';callbackSpec=1.0', ';charset=x'),
      fc.constantFrom('', ';q=0', ';q=0.5', '; q=1', ';q=x'),
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(range, { maxLength: 4 }), async (ranges) => {
      const accept = ranges.join(', ');
      expect(chosenHere(accept)).toBe(await chosenByApollo(accept));
    }),
    { numRuns: 300 },
  );
});
