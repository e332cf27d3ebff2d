import { numbers, type Turns } from './people.ts';

/** How a server is spoken to: GraphQL, or the hand-written service's own two paths. */
type Dialect = 'graphql' | 'plain';

/** Those who ask one server. */
export interface Audience {
  dialect: Dialect;
  turns: Turns;
}

/** One request with the only right answer to it. */
export interface Exchange {
  /** The whole HTTP request. */
  request: string;
  /** The value below `data`, as JSON. */
  answer: string;
}

/** A kind of request, asked again and again, each time for people whose turn it is. */
export interface Workload {
  name: string;
  /** Users in one request. */
  users: number;
  /** Requests at once. */
  connections: number;
  next(audience: Audience): Exchange;
}

export const routerSecret = 'the-secret-of-the-benchmarks-router';

const atomsField = ' atomsAccount { id email firstName lastName isEmailVerified }';
const meQuery = `query Me { me { id name email avatarUrl timezone activeSessions createdAt organization { id name domain createdAt } billing { subscriptionStatus isPaying hasPaymentMethod lastPaymentAt activePlanId }${atomsField} } }`;

/** What `@apollo/gateway` sends for a field of ours below a list of another subgraph's. */
const entitiesQuery = `query Projects__user__1($representations:[_Any!]!){_entities(representations:$representations){...on User{organization{id name domain createdAt}}}}`;

const meBody = JSON.stringify({ query: meQuery, operationName: 'Me' });
const entitiesBody = JSON.stringify({
  query: entitiesQuery,
  operationName: 'Projects__user__1',
  variables: { representations: [] },
});

function organization(n: number): string {
  return `{"id":"${n + 1_000_000}","name":"Organization ${n}","domain":"org-${n}.example.com","createdAt":"2025-01-02T10:00:00Z"}`;
}

/** The request for a person's own data. */
export function me(n: number, dialect: Dialect): Exchange {
  const headers = `authorization: Bearer ${numbers.token(n)}\r\n`;
  const user = `{"id":"${numbers.userId(n)}","name":"Person ${n}","email":"person-${n}@example.com","avatarUrl":"https://avatars.example.com/${n}.png","timezone":"Europe/Amsterdam","activeSessions":3,"createdAt":"2024-02-29T08:15:30Z","organization":${organization(n)},"billing":{"subscriptionStatus":"ACTIVE","isPaying":true,"hasPaymentMethod":true,"lastPaymentAt":"2025-03-01T00:00:00Z","activePlanId":"00000000-0000-4000-c000-000000000001"},"atomsAccount":{"id":"${numbers.atomsId(n)}","email":"person-${n}@example.com","firstName":"Person","lastName":"Number ${n}","isEmailVerified":true}}`;
  return dialect === 'plain'
    ? { request: post('/me', headers, '{}'), answer: user }
    : { request: post('/graphql', headers, meBody), answer: `{"me":${user}}` };
}

/** The same without what Atoms knows. */
export function meWithoutAtoms(n: number): Exchange {
  const { request, answer } = me(n, 'graphql');
  const [head, body] = request.split('\r\n\r\n') as [string, string];
  const shorter = body.replace(atomsField, '');
  return {
    request: `${head.replace(`content-length: ${body.length}`, `content-length: ${shorter.length}`)}\r\n\r\n${shorter}`,
    answer: answer.replace(/,"atomsAccount":\{.*?\}/, ''),
  };
}

/** The request for a change that nobody else makes; Bird answers with the profile as it always was. */
export function write(n: number): string {
  const query = `mutation { updateMe(input: { bio: "written by ${n} at ${performance.now()}" }) { __typename } }`;
  return post('/graphql', `authorization: Bearer ${numbers.token(n)}\r\n`, JSON.stringify({ query }));
}

/** What Bird itself is asked for it. */
export function upstreamRequest(n: number): string {
  return `GET /me HTTP/1.1\r\nhost: bird.internal\r\nauthorization: Bearer ${numbers.token(n)}\r\n\r\n`;
}

/** The request for some people's organizations, by an operator: nobody has to be identified for it. */
function entities(ns: readonly number[], dialect: Dialect): Exchange {
  const headers = 'x-user-scopes: openid users:read\r\n';
  const users = `[${ns.map((n) => `{"organization":${organization(n)}}`).join()}]`;
  if (dialect === 'plain') {
    const body = `{"ids":[${ns.map((n) => `"${numbers.userId(n)}"`).join()}]}`;
    return { request: post('/users', headers, body), answer: users };
  }
  const of = ns.map((n) => `{"__typename":"User","id":"${numbers.userId(n)}"}`).join();
  const body = entitiesBody.replace('[]', `[${of}]`);
  return { request: post('/graphql', headers, body), answer: `{"_entities":${users}}` };
}

function post(path: string, headers: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: subgraph.internal\r\ncontent-type: application/json\r\naccept: application/json\r\nrouter-authorization: ${routerSecret}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

const nextMe = ({ dialect, turns }: Audience) => me(turns.next(), dialect);
const nextEntities =
  (users: number) =>
  ({ dialect, turns }: Audience) =>
    entities(Array.from({ length: users }, turns.next), dialect);

/** In a hundred requests 50 `me`, 25 of one user, 20 of ten and 5 of a hundred, in a fixed order that mixes them. */
const mix = Array.from({ length: 100 }, (_, at) => {
  const drawn = (at * 37) % 100;
  return drawn < 50 ? nextMe : nextEntities(drawn < 75 ? 1 : drawn < 95 ? 10 : 100);
});
let mixed = 0;
const nextMixed = (audience: Audience) => (mix[mixed++ % mix.length] ?? nextMe)(audience);

export const workloads = {
  me: { name: 'me', users: 1, connections: 32, next: nextMe },
  one: { name: 'N=1', users: 1, connections: 32, next: nextEntities(1) },
  ten: { name: 'N=10', users: 10, connections: 16, next: nextEntities(10) },
  hundred: { name: 'N=100', users: 100, connections: 4, next: nextEntities(100) },
  fiveHundred: { name: 'N=500', users: 500, connections: 2, next: nextEntities(500) },
  mixed: { name: 'mixed', users: 7.75, connections: 24, next: nextMixed },
} satisfies Record<string, Workload>;
