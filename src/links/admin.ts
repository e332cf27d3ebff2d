import { type Cipher, createCipher } from './cipher.ts';
import { importLinks, type ImportOptions, type ImportReport } from './import-links.ts';
import type { Linkable, Links } from './link.ts';
import type { LinkRow } from './link-row.ts';
import type { ByteSource } from './ndjson.ts';
import { demandKeys, type LinksSettings } from './open-store.ts';
import { rehearse } from './rehearsal.ts';
import { rotateKey, sealEarlierRows, verifyRows, type WalkOptions } from './reseal.ts';
import type { ImportTarget, LinkName, LinkStore } from './store.ts';

/** What operating the links needs on top. */
export interface LinksAdmin extends Links {
  /**
   * Goes on with other keys, and with a database's other address: with another password, say. Rejects with
   * LinksSetupError, and changes nothing, when a key is missing that is still in use, or the file would be another.
   */
  renew(settings: Pick<LinksSettings, 'url' | 'keys'>): Promise<void>;
  /** Applies NDJSON lines, between the batches of any import that is under way. */
  import(source: ByteSource, options?: ImportOptions): Promise<ImportReport>;
  /** Every row (of one user, at one provider) in the order of user and provider, read page by page, as it is stored. */
  rows(filter?: LinkFilter): AsyncIterable<LinkRow>;
  /** The rows whose secret the provider has refused, and since when (RFC 3339). */
  rejected(filter?: LinkFilter): AsyncIterable<{ readonly row: LinkRow; readonly since: string }>;
  /** The secret of a row. Throws LinkSealError when the row is not as it was written. */
  open(row: LinkRow): string | null;
  /** Removes a user's links, or the one at a provider; returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** Seals every row with the first key; returns how many were not. Stopped and started again, it goes on. */
  rotateKey(options?: WalkOptions): Promise<number>;
  /** Brings rows of an earlier version into today's form, as they are; returns how many. May be repeated. */
  seal(options?: WalkOptions): Promise<number>;
  /** Opens every row; returns how many there are. */
  verify(options?: WalkOptions): Promise<number>;
}

export interface LinkFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
}

/** What they are operated with. */
export interface AdminParts {
  readonly store: LinkStore;
  readonly cipher: Cipher;
  readonly linkable: Linkable;
  /** Forgets what is remembered of look-ups. */
  readonly forget: () => void;
}

const PAGE = 1_000;

/** What operating the links needs beside what requests do, and to remove them. */
export function adminOf({
  store,
  cipher,
  linkable,
  forget,
}: AdminParts): Omit<LinksAdmin, keyof Links | 'remove'> {
  return {
    import(source, { dryRun = false, ...options } = {}) {
      const run = (target: ImportTarget) => importLinks(source, { store: target, cipher, linkable }, options);
      return (dryRun ? rehearse(store, run) : run(store)).finally(forget);
    },
    rotateKey: (options) => rotateKey(store, cipher, options),
    seal: (options) => sealEarlierRows(store, cipher, options),
    verify: (options) => verifyRows(store, cipher, options),
    open: (row) => cipher.open(row),

    async *rows({ userId, provider } = {}) {
      let last: LinkName | null = null;
      for (;;) {
        const rows: LinkRow[] =
          userId === undefined ? await store.page(last, PAGE, provider ?? null) : await store.of([userId]);
        for (const row of rows) if (provider === undefined || row.provider === provider) yield row;
        last = rows.at(-1) ?? null;
        if (userId !== undefined || rows.length < PAGE) return;
      }
    },
    async *rejected({ userId, provider } = {}) {
      let last: LinkName | null = null;
      for (;;) {
        const page = await store.rejected(last, PAGE);
        for (const { row, since } of page) {
          const isMeant =
            (userId === undefined || row.userId === userId) &&
            (provider === undefined || row.provider === provider);
          if (isMeant) yield { row, since };
        }
        last = page.at(-1)?.row ?? null;
        if (page.length < PAGE) return;
      }
    },

    async renew({ url, keys }) {
      await demandKeys(store, createCipher(keys));
      store.moveTo(url);
      cipher.renew(keys);
    },
  };
}
