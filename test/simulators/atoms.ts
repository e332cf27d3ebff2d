import { type Answer, htmlAnswer, jsonAnswer, Prepared, type Received, split } from './answer.ts';
import { grace, linus, stranger, type People, type Person } from './people.ts';
import { Simulator } from './simulator.ts';
import type { Identity } from '../support/authority.ts';

const BASE_PATH = '/atoms/v1';
const ORGANIZATIONS = ['Analytical Voices', 'Cobol Callers', 'Night Shift', 'Front Desk', 'Elsewhere'];

function organizationOf(person: Person) {
  const { number } = person;
  const index = person === stranger ? 4 : number < 1000 ? number - 1 : number % 4;
  return {
    id: `050${'0'.repeat(20)}${index}`,
    name: ORGANIZATIONS[index] as string,
    subscriptionId: `50b${'0'.repeat(20)}${index}`,
  };
}

/** The one of the hundred of whom Atoms says nothing but who they are: all of its fields are optional. */
const BARE = 1044;

function userOf(person: Person) {
  if (person.number === BARE) return { _id: person.atoms?.id };
  return {
    _id: person.atoms?.id,
    firstName: person.firstName,
    lastName: person.lastName,
    userEmail: person.email,
    authProvider: person.number % 2 === 1 ? 'google' : 'email',
    isEmailVerified: person !== grace,
    organizationId: organizationOf(person).id,
  };
}

/** Grace is in two organizations: her account names one, and her key belongs to the other. */
function subscriptionOf(person: Person) {
  const { id, subscriptionId } = organizationOf(person === grace ? linus : person);
  return {
    _id: subscriptionId,
    organization: id,
    planId: 'pro-monthly',
    totalCredits: 500,
    currentCredits: 123.45,
    renewalDate: '2024-06-01T00:00:00.000Z',
    subscriptionActive: true,
    onPremEnabled: false,
    limits: { maxAgents: 50, maxConcurrentCalls: 10 },
    features: { campaigns: true, knowledgeBase: true },
  };
}

function detailsOf(person: Person) {
  const { id, name } = organizationOf(person);
  return {
    userId: person.atoms?.id,
    email: person.email,
    firstName: person.firstName,
    lastName: person.lastName,
    phone: null,
    picture: null,
    hasOnboarded: true,
    organizations: [
      { orgId: id, name, ownerEmail: 'owner@example.com', roleId: 'member', onPremEnabled: false },
    ],
  };
}

const ENDPOINTS: Record<string, (person: Person) => unknown> = {
  '/user': (person) => ({ status: true, data: userOf(person) }),
  '/user/subscription': (person) => ({ status: true, data: subscriptionOf(person) }),
  '/account/get-account-details': detailsOf,
};

/** Atoms (smallest.ai), an Express application: what it does not know is answered with Express's page. */
export class AtomsSimulator extends Simulator {
  readonly #people: People;
  readonly #answers = new Map(
    Object.entries(ENDPOINTS).map(([path, bodyOf]) => [
      BASE_PATH + path,
      new Prepared((person: Person) => jsonAnswer(bodyOf(person), 200, JSON_HEADERS)),
    ]),
  );

  constructor(people: People, identity?: Identity) {
    super(identity);
    this.#people = people;
  }

  /** The base URL has a path. */
  get baseUrl(): string {
    return this.url + BASE_PATH;
  }

  error(status: number): Answer {
    const errors: Record<number, string> = {
      401: 'Invalid or expired API key',
      400: 'Usage limit reached for your current plan',
      403: 'Trial limit reached, or the API key belongs to another product',
      404: 'Not found',
      429: 'Too many requests',
      503: 'Service unavailable',
    };
    return jsonAnswer(
      { status: false, errors: [errors[status] ?? 'Internal server error'] },
      status,
      JSON_HEADERS,
    );
  }

  protected restore() {}

  protected answer({ method, path, headers }: Received, mistaken: boolean): Answer {
    const [pathname] = split(path);
    const answers = this.#answers.get(pathname);
    if (method !== 'GET' || !answers) return htmlAnswer(404, expressPage(`Cannot ${method} ${pathname}`));
    const person = this.#people.byAtomsKey.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (!person || !headers.authorization?.startsWith('Bearer ')) return this.error(401);
    return answers.get(mistaken ? stranger : person);
  }
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

function expressPage(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>${escaped}</pre>
</body>
</html>
`;
}
