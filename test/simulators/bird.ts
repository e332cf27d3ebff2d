import { birdUser, type BirdUser, membershipOf, sessionsOf } from './bird-data.ts';
import { type Answer, jsonAnswer, Prepared, type Received, split } from './answer.ts';
import { stranger, type People, type Person } from './people.ts';
import { Simulator } from './simulator.ts';
import type { Identity } from '../support/authority.ts';

export const BIRD_ORGANIZATION_ID = 'b1bd0000-0000-4000-8000-0000000000c0';
export const BIRD_ACCESS_KEY = 'bird-access-key-3e8d';

/** A `PATCH /me` with this name is refused like one with a bad value: for what only Bird can know. */
export const REJECTED_NAME = 'Rejected By Bird';

/** Bird Accounts: the login token's owner, and the organization's people. */
export class BirdSimulator extends Simulator {
  readonly #people: People;
  readonly #changed = new Map<Person, BirdUser>();
  readonly #deleted = new Set<Person>();
  #keepsDeleted = false;
  #pageSize = 100;
  readonly #users = new Prepared((person: Person) => jsonAnswer(this.#userOf(person)));
  readonly #sessions = new Prepared((person: Person) => jsonAnswer(sessionsOf(person)));
  readonly #items = new Prepared((person: Person) =>
    JSON.stringify(membershipOf(person, this.#userOf(person))),
  );

  constructor(people: People, identity?: Identity) {
    super(identity);
    this.#people = people;
  }

  /** From now on `/me` answers a deleted person with `status: deleted` instead of 401. Both are Bird's way. */
  keepsDeleted(keeps = true) {
    this.#keepsDeleted = keeps;
  }

  /** From now on a page of the organization has so many people at most, whatever limit is asked for. */
  pagesOf(size: number) {
    this.#pageSize = size;
  }

  /** Deletes somebody without a request: by a support agent, say. */
  deletes({ userId }: Person) {
    const person = this.#people.byUserId.get(userId);
    if (!person) throw new Error('Bird does not have them.');
    this.#deleted.add(person);
    this.#forget(person);
  }

  /** They are there again, or for the first time. */
  undeletes(person: Person) {
    this.#deleted.delete(person);
    this.#forget(person);
  }

  /** The user as Bird has them now. */
  user(person: Person): BirdUser {
    return this.#userOf(person);
  }

  error(status: number): Answer {
    const bodies: Record<number, [code: string, message: string]> = {
      401: ['Unauthorized', 'Unauthorized'],
      403: ['Forbidden', 'Access denied'],
      404: ['ResourceNotFound', 'Resource not found'],
      429: ['TooManyRequests', 'Too many requests'],
      503: ['ServiceUnavailable', 'Service unavailable'],
    };
    const [code, message] = bodies[status] ?? ['InternalError', 'Internal server error'];
    return jsonAnswer({ code, message }, status);
  }

  protected restore() {
    this.#changed.clear();
    this.#deleted.clear();
    this.#keepsDeleted = false;
    this.#pageSize = 100;
    this.#users.forget();
    this.#items.forget();
  }

  protected answer(request: Received, mistaken: boolean): Answer {
    const { method, path, headers } = request;
    const { authorization = '' } = headers;
    if (path.startsWith('/organizations/')) return this.#organization(request, mistaken);
    if (path !== '/me' && path !== '/me/sessions') return this.error(404);

    const person = authorization.startsWith('Bearer ') && this.#people.byToken.get(authorization.slice(7));
    if (!person) return this.error(401);
    const isDeleted = this.#deleted.has(person);
    if (isDeleted && !(this.#keepsDeleted && method === 'GET')) return this.error(401);
    const shown = mistaken ? stranger : person;
    switch (`${method} ${path}`) {
      case 'GET /me':
        return this.#users.get(shown);
      case 'GET /me/sessions':
        return isDeleted ? jsonAnswer([]) : this.#sessions.get(shown);
      case 'PATCH /me':
        return this.#patch(person, request) ?? this.#users.get(shown);
      case 'DELETE /me':
        this.deletes(person);
        return ACCEPTED;
      default:
        return this.error(404);
    }
  }

  #userOf(person: Person): BirdUser {
    const user = this.#changed.get(person) ?? birdUser(person);
    return this.#deleted.has(person) ? { ...user, status: 'deleted', activeSessions: 0 } : user;
  }

  #forget(person: Person) {
    this.#users.forget(person);
    this.#items.forget(person);
  }

  #patch(person: Person, { body, headers }: Received): Answer | undefined {
    if (!headers['content-type']?.startsWith('application/json')) {
      return jsonAnswer({ code: 'UnsupportedMediaType', message: 'Content type must be JSON' }, 415);
    }
    const change = parsed(body);
    if (!change)
      return jsonAnswer({ code: 'InvalidPayload', message: 'Request body is not valid JSON' }, 400);
    const details = problemsOf(change);
    if (details) return invalid(details);
    const user = this.#userOf(person);
    // A second later than before: a change is seen, and the same in every run.
    const updatedAt = new Date(Date.parse(user.updatedAt) + 1000).toISOString();
    this.#changed.set(person, { ...user, ...change, updatedAt });
    this.#forget(person);
    return undefined;
  }

  #organization({ method, path, headers }: Received, mistaken: boolean): Answer {
    const { authorization = '' } = headers;
    // Another key than the organization's own is a good key that may not do this.
    if (!authorization.startsWith('AccessKey ')) return this.error(401);
    if (authorization !== `AccessKey ${BIRD_ACCESS_KEY}`) return this.error(403);
    const [pathname, query] = split(path);
    if (method !== 'GET' || pathname !== `/organizations/${BIRD_ORGANIZATION_ID}/users`) {
      return this.error(404);
    }
    const limit = Number(query.get('limit') ?? 10);
    if (!(limit >= 1 && limit <= 100)) return invalid({ '.limit': ['must be between 1 and 100'] });
    const ids = new Set(query.getAll('userIds'));
    if (ids.size > 100) return invalid({ '.userIds': ['must have at most 100 items'] });
    const email = query.get('email');
    const from = Number(Buffer.from(query.get('pageToken') ?? '', 'base64url').toString());
    if (!Number.isInteger(from)) return invalid({ '.pageToken': ['is not a page token'] });

    const asked =
      ids.size > 0 ? [...ids].flatMap((id) => this.#people.byUserId.get(id) ?? []) : this.#people.all;
    const matching = asked.filter(
      (person) => !this.#deleted.has(person) && (email === null || person.email === email),
    );
    const size = Math.min(limit, this.#pageSize);
    const page = matching.slice(from, from + size);
    const items = page.map((person) => this.#items.get(mistaken ? stranger : person));
    const isLast = from + size >= matching.length;
    const next = Buffer.from(String(from + size)).toString('base64url');
    // Both ends of a list that Bird knows: an empty token (here with ids) and none.
    const token = isLast ? (ids.size > 0 ? ',"nextPageToken":""' : '') : `,"nextPageToken":"${next}"`;
    return jsonAnswer(`{"results":[${items.join()}]${token}}`);
  }
}

const ACCEPTED: Answer = { status: 202, headers: { 'content-length': 0 }, body: '' };
const MAX_LENGTHS: Record<string, number> = {
  name: 100,
  bio: 5000,
  avatarUrl: 2048,
  locale: 35,
  timezone: 64,
};

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Not JSON is refused like JSON that is no object.
  }
  return undefined;
}

function problemsOf(change: Record<string, unknown>): Record<string, string[]> | undefined {
  const problems = Object.entries(change).flatMap(([key, value]): [string, string[]][] => {
    const max = MAX_LENGTHS[key];
    if (max === undefined) return [[`.${key}`, ['is not a known property']]];
    if (typeof value !== 'string') return [[`.${key}`, ['must be a string']]];
    if (value.length > max) return [[`.${key}`, [`must be at most ${max} characters long`]]];
    if (key === 'name' && value === REJECTED_NAME) return [['.name', ['is not allowed']]];
    return [];
  });
  return problems.length > 0 ? Object.fromEntries(problems) : undefined;
}

function invalid(details: Record<string, string[]>): Answer {
  return jsonAnswer({ code: 'InvalidPayload', message: 'Request validation failed', details }, 422);
}
