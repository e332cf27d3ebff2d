import fc from 'fast-check';
import { execute } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Executor } from '../../src/graphql/execution/executor.ts';
import { ada, grace, linus } from '../simulators/index.ts';
import { type AnyQuery, anyQuery } from '../support/any-query.ts';
import { patient } from '../support/patience.ts';
import { type Asking, operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

/** Whether graphql-js executes what is planned, in place of our own executor: all around it stays the same. */
const isPlain = vi.hoisted(() => ({ now: false }));

vi.mock('../../src/graphql/execution/executor.ts', async (original) => {
  const { executorOf } = await original<typeof import('../../src/graphql/execution/executor.ts')>();
  const twofold: typeof executorOf = (schema, document, operation) => {
    const planned = executorOf(schema, document, operation);
    const operationName = operation.name?.value ?? null;
    const plain: Executor['execute'] = async (contextValue, variableValues) => {
      const { data = null, errors = [] } = await execute({
        schema,
        document,
        operationName,
        contextValue,
        variableValues,
      });
      return { data, errors };
    };
    return {
      ...planned,
      execute: (context, variables) =>
        isPlain.now ? plain(context, variables) : planned.execute(context, variables),
    };
  };
  return { executorOf: twofold };
});

const settings = {
  ROUTER_SECRET,
  ...patient,
  IDENTITY_CACHE_SECONDS: '0',
  BIRD_RETRIES: '0',
  EJENTO_RETRIES: '0',
  INSIGHTO_RETRIES: '0',
  ATOMS_RETRIES: '0',
};
let ours: Subgraph;
/** Traces inline are made by Apollo Server while it executes: all is left to it. */
let apollos: Subgraph;
beforeAll(async () => {
  ours = await startSubgraph(settings);
  apollos = await startSubgraph({ ...settings, INLINE_TRACE: 'true' }, { simulators: ours });
});
afterAll(async () => {
  await apollos.stop();
  await ours.stop();
});

const trusted = { 'router-authorization': ROUTER_SECRET };
const callers: Asking[] = [
  { headers: trusted },
  { headers: trusted, as: 'nobody-knows-this' },
  { headers: trusted, as: ada.token },
  { headers: trusted, as: grace.token },
  { headers: trusted, as: linus.token },
  { headers: operator },
];
const asked = fc.record({ query: anyQuery, caller: fc.constantFrom(...callers) });
interface Asked {
  query: AnyQuery;
  caller: Asking;
}

let count = 0;
/** Nobody has asked it before. */
const anew = ({ query: { query, variables }, caller }: Asked): Parameters<Subgraph['ask']> => [
  `${query} # ${count++}`,
  { ...caller, variables },
];

async function answerOf(subgraph: Subgraph, [query, asking]: Parameters<Subgraph['ask']>) {
  const { status, headers, text } = await subgraph.ask(query, asking);
  return { status, text: text.replaceAll(headers.get('x-request-id') ?? '', 'ID') };
}

/** Every way to answer: by graphql-js, by Apollo Server, and by the plan, the first time and when it is known. */
const byApollo = (asked: Parameters<Subgraph['ask']>) => answerOf(apollos, asked);
const byPlan = (asked: Parameters<Subgraph['ask']>) => answerOf(ours, asked);
async function byGraphqlJs(asked: Parameters<Subgraph['ask']>) {
  isPlain.now = true;
  try {
    return await answerOf(ours, asked);
  } finally {
    isPlain.now = false;
  }
}
const ways = [byGraphqlJs, byApollo, byPlan, byPlan, byPlan];

test('with providers that are well, to the byte', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (asked) => {
      const request = anew(asked);
      const answers = [];
      for (const way of ways) answers.push(await way(request));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }),
    { numRuns: 200 },
  );
});

test('twenty at once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 20, maxLength: 20 }), async (all) => {
      const requests = all.map(anew);
      const expected = [];
      for (const request of requests) {
        expected.push(await byGraphqlJs(request));
        await byPlan(request);
      }
      expect(await Promise.all(requests.map(byPlan))).toEqual(expected);
      expect(await Promise.all(requests.map(byApollo))).toEqual(expected);
    }),
    { numRuns: 10, interruptAfterTimeLimit: 60_000 },
  );
});

const everything = `{ me { name organization { name } billing { isPaying } atomsAccount { email } } }`;

/** Which of two providers fails first is theirs: of errors that they cause, the order is not compared. */
function inSomeOrder({ status, text }: { status: number; text: string }) {
  const { data, errors = [] } = JSON.parse(text) as { data: unknown; errors?: object[] };
  return {
    status,
    data: JSON.stringify(data),
    errors: errors.map((error) => JSON.stringify(error)).toSorted(),
  };
}

const troubles = ['fails', 'isUnauthorized', 'notFound', 'answersWrongTypes', 'isSlow'] as const;
const providers = ['bird', 'ejento', 'insighto', 'atoms'] as const;

test.each(troubles)(
  'with a provider of which it is true that it %s',
  { timeout: 120_000 },
  async (trouble) => {
    await fc.assert(
      fc.asyncProperty(asked, fc.constantFrom(...providers), async (asked, name) => {
        const request = anew(asked);
        const answers = [];
        for (const way of ways) {
          if (trouble === 'isSlow') ours[name].latency = 5;
          else ours[name][trouble]();
          answers.push(inSomeOrder(await way(request)));
          await ours.reset();
          ours[name].latency = 0;
          // So that nobody fails five times in a row.
          for (const subgraph of [ours, apollos]) {
            const { errors } = await subgraph.ask(everything, { headers: trusted, as: ada.token });
            expect(errors).toEqual([]);
          }
        }
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      }),
      { numRuns: 25 },
    );
  },
);
