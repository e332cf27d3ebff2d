import type { LinksAdmin } from './admin.ts';

/** What an identity provider says of somebody: that they are deleted, or, by not naming them, that it has them not. */
export type Standing = 'present' | 'deleted' | 'absent';

/** Where it is known who there is. */
export interface Standings {
  /** Of each of these people, at most `ASKED_AT_ONCE`. Rejects with PruneRefused unless it is known of each of them. */
  of(userIds: readonly string[]): Promise<ReadonlyMap<string, Standing>>;
  close(): Promise<void>;
}

/** It is not known for sure who is gone, so nothing is removed. The message says why, and what to do. */
export class PruneRefused extends Error {
  override readonly name = 'PruneRefused';
  /** Whether the same may succeed later. */
  readonly isPassing: boolean;
  constructor(message: string, { isPassing = false } = {}) {
    super(message);
    this.isPassing = isPassing;
  }
}

/** Somebody who has links, and no account to log in with. */
export interface Gone {
  readonly userId: string;
  readonly standing: Exclude<Standing, 'present'>;
  /** Where they have links. */
  readonly providers: readonly string[];
}

/** Who is gone, of how many that have links. */
export interface Census {
  readonly gone: readonly Gone[];
  readonly linked: number;
}

/** As many as Bird's list takes. */
const ASKED_AT_ONCE = 100;

/** Without a number of their own, operators remove one linked person in so many at most. */
const ONE_IN = 20;

/**
 * Finds the people who have links and are gone. Each is read from the store before they are asked about, so that nobody
 * is missed who is linked meanwhile; and who is gone is asked about twice, so that a list which was cut short, or
 * changed while it was read, takes nobody's links. Rejects with PruneRefused where anything is in doubt.
 */
export async function findGone(
  links: Pick<LinksAdmin, 'rows'>,
  standings: Standings,
  onProgress: (people: number) => void,
): Promise<Census> {
  const gone: Gone[] = [];
  let linked = 0;
  for await (const people of inGroups(linkedPeople(links))) {
    const found = await standings.of(people.map(({ userId }) => userId));
    for (const person of people) {
      const standing = standingIn(found, person.userId);
      if (standing !== 'present') gone.push({ ...person, standing });
    }
    linked += people.length;
    onProgress(linked);
  }
  for await (const people of inGroups(gone)) {
    const found = await standings.of(people.map(({ userId }) => userId));
    if (people.some(({ userId, standing }) => standingIn(found, userId) !== standing))
      throw new PruneRefused('The list of people changed while it was read, or was not whole.', {
        isPassing: true,
      });
  }
  return { gone, linked };
}

function standingIn(found: ReadonlyMap<string, Standing>, userId: string): Standing {
  const standing = found.get(userId);
  if (standing === undefined) throw new PruneRefused('It is not known of everybody whether they are gone.');
  return standing;
}

/** Throws PruneRefused when so many are gone that another organization, or a broken list, is likelier. */
export function checkShare({ gone, linked }: Census, atMost: number | null): void {
  if (gone.length > 0 && gone.length === linked)
    throw new PruneRefused(
      `All ${linked} people who have links would be gone: is this another organization, or another database? ` +
        'Whoever is really gone can be removed by name: npm run links -- remove.',
    );
  const most = atMost ?? Math.ceil(linked / ONE_IN);
  if (gone.length > most)
    throw new PruneRefused(
      `${gone.length} of ${linked} people would be gone, which is more than ` +
        (atMost === null ? `one in ${ONE_IN}` : `${atMost}`) +
        `. Look at them with --dry-run. If it is right, say so: --at-most ${gone.length}.`,
    );
}

type LinkedPerson = Omit<Gone, 'standing'>;

/** Rows come in the order of users. */
async function* linkedPeople(links: Pick<LinksAdmin, 'rows'>): AsyncGenerator<LinkedPerson> {
  let userId = '';
  let providers: string[] = [];
  for await (const row of links.rows()) {
    if (row.userId !== userId) {
      if (providers.length > 0) yield { userId, providers };
      ({ userId } = row);
      providers = [];
    }
    providers.push(row.provider);
  }
  if (providers.length > 0) yield { userId, providers };
}

async function* inGroups<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < ASKED_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
