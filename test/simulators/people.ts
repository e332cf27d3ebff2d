/** Somebody, and their accounts at the four providers. */
export interface Person {
  /** 1, 2, 3 for Ada, Grace, Linus; 1001 to 1100 for the hundred; 100001 and on for generated people. */
  readonly number: number;
  /** The Bird user id. */
  readonly userId: string;
  /** The Bird login token. */
  readonly token: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly ejento: { readonly id: string };
  readonly insighto: { readonly id: string; readonly key: string };
  readonly atoms: { readonly id: string; readonly key: string } | null;
}

/** A row of the account links. */
export interface LinkRow {
  readonly userId: string;
  readonly provider: 'ejento' | 'insighto' | 'atoms';
  readonly externalId: string;
  readonly secret: string | null;
}

/** Has everything, everywhere. */
export const ada = person(1, 'Ada', 'Lovelace', { id: '000000000ada', token: 'demo-ada', ejento: '147' });
export const grace = person(2, 'Grace', 'Hopper', { id: '000000009ace', token: 'demo-grace', ejento: '148' });
/** Has as little as the providers allow, and no Atoms account. */
export const linus: Person = {
  ...person(3, 'Linus', 'Torvalds', { id: '000000000115', token: 'demo-linus', ejento: '149' }),
  atoms: null,
};

/** Whom the simulators answer about by mistake: nobody that they are ever asked about. */
export const stranger: Person = {
  ...person(1999, 'Mallory', 'Stranger', { id: '000000000bad', token: 'demo-stranger', ejento: '1999' }),
  email: 'mallory@example.net',
};

const FIRST_NAMES = 'Alan Barbara Claude Donald Edsger Frances Hedy Katherine Margaret Radia'.split(' ');
const LAST_NAMES =
  'Allen Dijkstra Hamilton Johnson Knuth Lamarr Liskov Perlman Shannon Núñez-Łukasiewicz'.split(' ');

/** One of those who are known by a number only. The same number is the same person in every process. */
export function numbered(number: number): Person {
  const digits = String(number).padStart(12, '0');
  return person(
    number,
    FIRST_NAMES[number % FIRST_NAMES.length] as string,
    LAST_NAMES[Math.floor(number / FIRST_NAMES.length) % LAST_NAMES.length] as string,
    { id: digits, token: `demo-${number}`, ejento: String(number) },
  );
}

function person(
  number: number,
  firstName: string,
  lastName: string,
  own: { id: string; token: string; ejento: string },
): Person {
  const digits = String(number).padStart(12, '0');
  return {
    number,
    userId: `00000000-0000-4000-8000-${own.id}`,
    token: own.token,
    firstName,
    lastName,
    email: number < 1000 ? `${firstName.toLowerCase()}@example.com` : `user.${number}@example.com`,
    ejento: { id: own.ejento },
    insighto: { id: `1a519470-0000-4000-9000-${digits}`, key: `in-personal-key-${digits}` },
    atoms: { id: `a70a500000b5${digits}`, key: `sk_personal_key_${digits}` },
  };
}

/** Everybody that the simulators know. */
export class People {
  readonly all: Person[] = [];
  readonly byUserId = new Map<string, Person>();
  readonly byToken = new Map<string, Person>();
  readonly byEjentoId = new Map<string, Person>();
  readonly byInsightoKey = new Map<string, Person>();
  readonly byAtomsKey = new Map<string, Person>();
  #generated = 0;

  constructor() {
    for (const person of [ada, grace, linus]) this.#add(person);
    for (let number = 1001; number <= 1100; number++) this.#add(numbered(number));
  }

  /** Ada, Grace, Linus and the hundred are there from the start; this adds as many more as are asked for. */
  generate(count: number): readonly Person[] {
    const first = this.all.length;
    for (let added = 0; added < count; added++) this.#add(numbered(100_001 + this.#generated++));
    return this.all.slice(first);
  }

  /** The account links of everybody, or of those given: each to every provider where they have an account. */
  *links(of: Iterable<Person> = this.all): Generator<LinkRow> {
    for (const { userId, ejento, insighto, atoms } of of) {
      yield { userId, provider: 'ejento', externalId: ejento.id, secret: null };
      yield { userId, provider: 'insighto', externalId: insighto.id, secret: insighto.key };
      if (atoms) yield { userId, provider: 'atoms', externalId: atoms.id, secret: atoms.key };
    }
  }

  #add(person: Person) {
    this.all.push(person);
    this.byUserId.set(person.userId, person);
    this.byToken.set(person.token, person);
    this.byEjentoId.set(person.ejento.id, person);
    this.byInsightoKey.set(person.insighto.key, person);
    if (person.atoms) this.byAtomsKey.set(person.atoms.key, person);
  }
}
