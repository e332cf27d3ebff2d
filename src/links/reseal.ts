import type { Cipher } from './cipher.ts';
import { canonicalId, LinkSealError, LinksSetupError } from './link.ts';
import type { LinkRow } from './link-row.ts';
import type { LinkName, LinkStore, Replacement } from './store.ts';

const BATCH = 1_000;

/** A row that was left as it is, and why. */
export interface Problem {
  readonly row: LinkRow;
  readonly why: string;
}

/** What a walk through all rows tells on its way. */
export interface WalkOptions {
  readonly onProblem?: (problem: Problem) => void | Promise<void>;
  /** Called after each batch with the number of rows done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Seals with the current key whatever is sealed with another, batch by batch. What is done is found done, so an
 * interrupted rotation is simply started again. Returns how many rows were resealed; those that cannot be opened stay.
 */
export async function rotateKey(
  store: LinkStore,
  cipher: Cipher,
  options: WalkOptions = {},
): Promise<number> {
  if (cipher.keyId === null)
    throw new LinksSetupError('There is no key to rotate to: set LINKS_ENCRYPTION_KEY.');
  return rewrite(store, options, (row) =>
    row.sealed?.keyId === cipher.keyId ? null : { ...row, sealed: cipher.seal(cipher.open(row), row) },
  );
}

/**
 * Brings rows of an earlier version into today's form: one spelling of each id, and a seal on rows that had none, which
 * vouches for them as they are now. Returns how many were changed. When nothing stands in the way, the store is told
 * that its rows are of this version.
 */
export async function sealEarlierRows(
  store: LinkStore,
  cipher: Cipher,
  { onProblem, ...options }: WalkOptions = {},
): Promise<number> {
  let problems = 0;
  const tell = (problem: Problem) => {
    problems += 1;
    return onProblem?.(problem);
  };
  const sealed = await rewrite(store, { ...options, onProblem: tell }, async (row) => {
    const secret = row.sealed === null ? null : cipher.open(row);
    const externalId = canonicalId(row.externalId);
    const isInForm = externalId === row.externalId && (row.sealed !== null || cipher.keyId === null);
    if (isInForm) return null;
    const [other] = await store.ofAccounts(row.provider, [externalId]);
    if (other && other.userId !== row.userId)
      throw new LinkSealError(
        row,
        `user ${other.userId} has the same account, in another spelling: remove one`,
      );
    const account = { ...row, externalId };
    return { ...account, sealed: cipher.seal(secret, account) };
  });
  if (problems === 0) await store.endEarlierVersion();
  return sealed;
}

/** Opens every row; returns how many there are. */
export async function verifyRows(
  store: LinkStore,
  cipher: Cipher,
  options: WalkOptions = {},
): Promise<number> {
  if (cipher.keyId === null)
    throw new LinksSetupError('Links cannot be verified without the key: set LINKS_ENCRYPTION_KEY.');
  let rows = 0;
  await rewrite(store, { ...options, onProgress: () => options.onProgress?.(rows) }, (row) => {
    rows += 1;
    cipher.open(row);
    if (canonicalId(row.externalId) !== row.externalId)
      throw new LinkSealError(
        row,
        'its account is spelt as an earlier version stored it: npm run links -- seal',
      );
    return null;
  });
  return rows;
}

/** Walks through all rows in batches and replaces those that `next` has something else for. Returns how many. */
async function rewrite(
  store: LinkStore,
  { onProblem, onProgress }: WalkOptions,
  next: (row: LinkRow) => LinkRow | null | Promise<LinkRow | null>,
): Promise<number> {
  let rewritten = 0;
  let last: LinkName | null = null;
  for (;;) {
    const batch: LinkRow[] = await store.page(last, BATCH, null);
    const changes: Replacement[] = [];
    for (const was of batch) {
      try {
        const row = await next(was);
        if (row) changes.push({ was, row });
      } catch (error) {
        if (!(error instanceof LinkSealError)) throw error;
        await onProblem?.({ row: was, why: error.why });
      }
    }
    if (changes.length > 0) await store.replace(changes);
    rewritten += changes.length;
    onProgress?.(rewritten);
    if (batch.length < BATCH) return rewritten;
    last = batch.at(-1) ?? null;
  }
}
