/**
 * The people of the benchmark, numbered so that everybody can tell from a number alone who is who in the four
 * systems, and every answer can be checked without a table. More of them than identities and links are remembered
 * (20,000 and 10,000): gone through in order, nobody is known when their turn comes again. Remembered is only that the
 * seals of their links were right (50,000), which nobody else has.
 */
export const people = { first: 100_000, count: 24_000 };

/** Somebody new each time, until everybody has had a turn. One for each server, so that none meets anybody sooner. */
export class Turns {
  #turn = 0;

  next = (): number => people.first + (this.#turn++ % people.count);
}

export const numbers = {
  userId: (n: number) => `00000000-0000-4000-8000-000000${n}`,
  /** Every credential ends in the number: the upstream finds the person by it. */
  token: (n: number) => `login-token-of-bench-${n}`,
  ejentoId: (n: number) => String(n),
  insightoId: (n: number) => `00000000-0000-4000-9000-000000${n}`,
  insightoKey: (n: number) => `in-bench-${n}`,
  atomsId: (n: number) => `65f0c0ffee5eed0000${n}`,
  atomsKey: (n: number) => `sk_bench-${n}`,
};

/** What the service and its rivals are given of the account links. */
export function* links(): Generator<{
  userId: string;
  provider: string;
  externalId: string;
  secret: string | null;
}> {
  for (let n = people.first; n < people.first + people.count; n++) {
    const userId = numbers.userId(n);
    yield { userId, provider: 'ejento', externalId: numbers.ejentoId(n), secret: null };
    const insighto = { externalId: numbers.insightoId(n), secret: numbers.insightoKey(n) };
    yield { userId, provider: 'insighto', ...insighto };
    yield { userId, provider: 'atoms', externalId: numbers.atomsId(n), secret: numbers.atomsKey(n) };
  }
}
