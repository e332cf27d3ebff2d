import { LRUCache } from 'lru-cache';
import type { Upstream } from '../../http/upstream.ts';
import { UpstreamError } from '../../http/upstream-error.ts';
import { canonicalId } from '../../links/links.ts';
import type { Page } from '../../loading/find-in-pages.ts';
import type { Found } from '../../loading/load-by-key.ts';
import type { InsightoUser } from './wire.ts';

/** The most pages that are read at once; who is behind them is found by the next that ask, who go on from there. */
const MOST_PAGES = 10;
/** How long it is believed that somebody is not in the team, and how long a search may take, in ms. */
const ABSENT_MS = 60_000;
const SEARCH_MS = 600_000;
/** People whose page is remembered: some MB. */
const MOST_PEOPLE = 100_000;

/** How a page of the team is read, and what it means when it cannot be read as a whole. */
export interface TeamPages {
  read: (page: number) => Promise<Page<InsightoUser, number>>;
  unclear: () => Error;
}

/**
 * Who is on which page of the team's list, for the life of the process. The list cannot be asked for a person, so it is
 * searched once, for everybody: later the one page is read on which somebody is, and none for somebody who is on none.
 * What is known of people themselves is not kept.
 */
export class TeamIndex {
  readonly #provider: string;
  readonly #now: () => number;
  readonly #pageOf = new LRUCache<string, number>({ max: MOST_PEOPLE });
  /** Where the search goes on; null when it has come to the end. */
  #next: number | null = 1;
  #beganAt = 0;
  #endedAt = 0;
  #isWhole = true;

  constructor(provider: string, now: () => number = () => performance.now()) {
    this.#provider = provider;
    this.#now = now;
    this.#begin();
  }

  /** Finds people by their ids. What is found stays found when a further page cannot be had. */
  async find(ids: readonly string[], { read, unclear }: TeamPages): Promise<Found<InsightoUser>> {
    const wanted = new Set(ids);
    const values: InsightoUser[] = [];
    let looked = 0;
    const look = async (page: number) => {
      looked += 1;
      const { values: users, next } = await read(page);
      for (const user of users.items) {
        const id = canonicalId(user.account.id);
        this.#pageOf.set(id, page);
        if (wanted.delete(id)) values.push(user);
      }
      return { next, isWhole: users.unreadable === 0 };
    };

    try {
      const pages = new Set(ids.flatMap((id) => this.#pageOf.get(id) ?? []));
      for (const page of [...pages].slice(0, MOST_PAGES)) await look(page);
      if (pages.size > MOST_PAGES) return { values, missing: this.#tooLong() };
      // Somebody is not where they were, or nobody knows any more whether they are.
      const hasMoved = [...wanted].some((id) => this.#pageOf.has(id));
      if (wanted.size > 0 && (hasMoved || this.#isOld())) this.#begin();

      for (let page = this.#next; wanted.size > 0 && page !== null; page = this.#next) {
        if (looked === MOST_PAGES) return { values, missing: this.#tooLong() };
        const { next, isWhole } = await look(page);
        // Others may have gone on meanwhile.
        if (this.#next !== page) continue;
        this.#isWhole &&= isWhole;
        this.#next = next;
        this.#endedAt = this.#now();
      }
    } catch (error) {
      return { values, missing: error as Error };
    }
    return wanted.size === 0 || this.#isWhole ? { values } : { values, missing: unclear() };
  }

  #begin(): void {
    this.#next = 1;
    this.#isWhole = true;
    this.#beganAt = this.#now();
  }

  #isOld(): boolean {
    return this.#next === null
      ? this.#now() - this.#endedAt > ABSENT_MS
      : this.#now() - this.#beganAt > SEARCH_MS;
  }

  #tooLong(): UpstreamError {
    return new UpstreamError(this.#provider, 'rate-limited', { retryable: true, retryAfterSeconds: 1 });
  }
}

const indexes = new WeakMap<Upstream, TeamIndex>();

/** The one of this process. */
export function teamIndexOf(upstream: Upstream): TeamIndex {
  let index = indexes.get(upstream);
  if (!index) indexes.set(upstream, (index = new TeamIndex(upstream.name)));
  return index;
}
