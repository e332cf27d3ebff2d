import { type Answer, jsonAnswer, Prepared, type Received } from './answer.ts';
import type { Limits } from './faults.ts';
import { ada, grace, linus, stranger, type People, type Person } from './people.ts';
import { Simulator } from './simulator.ts';
import type { Identity } from '../support/authority.ts';

export const EJENTO_SUBSCRIPTION_KEY = 'ejento-subscription-key-5c1f';
export const EJENTO_ACCESS_TOKEN = 'ejento-access-token-9d2e';

/** The ones of the hundred who belong to no organization: it is null, or absent. */
export const WITHOUT_ORGANIZATION = 1042;
const ORGANIZATION_ABSENT = 1043;

const ORGANIZATIONS = [
  'Analytical Engines', 'Compilers United', 'Kernel Works', 'Data Science Dojo', 'Enigma Ltd', 'Bell Labs',
  'Shortest Paths', 'Apollo Software', 'Spanning Trees', 'Frequency Hoppers', 'Abstract Types', 'Orbital Mechanics',
].map((name, index) => organization(index + 1, name)); // prettier-ignore

function organization(id: number, name: string) {
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.example`;
  const hasPictures = id !== 2 && id !== 4;
  return {
    id,
    org_name: name,
    domain,
    description: hasPictures ? `All about ${name}` : null,
    org_logo_url: hasPictures ? `https://${domain}/logo.png` : null,
    org_icon_url: hasPictures ? `https://${domain}/icon.png` : null,
    is_deleted: id === 12,
    created_by: 'System',
    created_on: '2024-01-20T01:32:56.659642Z',
    modified_by: id % 2 === 0 ? 'System' : `admin@${domain}`,
    modified_on: '2024-01-20T01:32:56.659663Z',
  };
}

function organizationOf({ number }: Person) {
  if (number === WITHOUT_ORGANIZATION) return null;
  if (number === ORGANIZATION_ABSENT) return undefined;
  return ORGANIZATIONS[number < 1000 ? number - 1 : number % ORGANIZATIONS.length];
}

function userOf(person: Person) {
  return {
    id: Number(person.ejento.id),
    email: person.email,
    is_staff: person === ada,
    is_superuser: person === ada || person === grace,
    is_active: person !== linus,
    // Seconds here, microseconds in the organization: Ejento mixes them in one body.
    date_joined: '2024-01-30T17:06:11Z',
    first_name: person.firstName,
    last_name: person.lastName,
    organization: organizationOf(person),
  };
}

/** Ejento V2 Legacy: any user by id, behind a gateway with a key of its own. */
export class EjentoSimulator extends Simulator {
  readonly #people: People;
  readonly #users = new Prepared((person: Person) =>
    jsonAnswer({ success: true, message: 'Users found successfully', data: userOf(person) }),
  );

  constructor(people: People, identity?: Identity) {
    super(identity);
    this.#people = people;
  }

  error(status: number): Answer {
    if (status === 429) return gateway(429, 'Rate limit is exceeded. Try again in 1 seconds.');
    const messages: Record<number, string> = {
      401: 'Invalid or expired token',
      403: 'You do not have permission to perform this action',
      404: 'Record Not Found',
    };
    return jsonAnswer({ success: false, message: messages[status] ?? 'Something went wrong' }, status);
  }

  /** The gateway's quota is used up for so many seconds: a 403, not a 429 (API Management's `quota` policy). */
  quotaIsUsedUp(seconds: number, limits: Limits = {}) {
    const message = 'Out of call volume quota. Quota will be replenished later.';
    const headers = { 'retry-after': String(seconds) };
    this.answers(403, { body: { statusCode: 403, message }, headers, ...limits });
  }

  protected restore() {}

  protected answer({ method, path, headers }: Received, mistaken: boolean): Answer {
    const key = headers['ocp-apim-subscription-key'];
    if (key === undefined) {
      return gateway(
        401,
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
      );
    }
    if (key !== EJENTO_SUBSCRIPTION_KEY) {
      return gateway(
        401,
        'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
      );
    }
    const id = /^\/v2\/api\/user\/(\d+)$/.exec(path)?.[1];
    if (method !== 'GET' || id === undefined) return gateway(404, 'Resource not found');
    if (headers.authorization !== `Bearer ${EJENTO_ACCESS_TOKEN}`) return this.error(401);
    const person = this.#people.byEjentoId.get(id);
    if (!person) return this.error(404);
    return this.#users.get(mistaken ? stranger : person);
  }
}

/** Azure API Management, in front of the application. */
function gateway(statusCode: number, message: string): Answer {
  return jsonAnswer({ statusCode, message }, statusCode);
}
