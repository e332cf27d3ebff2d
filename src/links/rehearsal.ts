import type { LinkRow } from './link-row.ts';
import { openSqliteStore, TEMPORARY } from './sqlite.ts';
import { accountsBeside, type BatchScope, type ImportTarget } from './store.ts';

/**
 * Lets an import run against the store as it would leave it, without touching it: what is written goes to a file of its
 * own, and what is read comes from there first. So a dry run of any length reports exactly what the import would. The
 * file has no name, so that nothing of it is left however the program ends.
 */
export async function rehearse<T>(
  store: ImportTarget,
  work: (rehearsal: ImportTarget) => Promise<T>,
): Promise<T> {
  const written = openSqliteStore(TEMPORARY);
  try {
    await written.prepare();
    return await work({
      ...written,
      async importBatch(scope, decide) {
        const stored = await readStored(store, scope);
        // Of the accounts' owners, too: their rows may have been replaced.
        const userIds = [...new Set([...scope.userIds, ...stored.map((row) => row.userId)])];
        return written.importBatch({ ...scope, userIds }, (own) => {
          const names = new Set(own.map(nameOf));
          return decide([...own, ...stored.filter((row) => !names.has(nameOf(row)))]);
        });
      },
    });
  } finally {
    await written.close();
  }
}

async function readStored(store: ImportTarget, { userIds, accounts }: BatchScope): Promise<LinkRow[]> {
  const rows = userIds.length > 0 ? [...(await store.of(userIds))] : [];
  for (const [provider, ids] of accountsBeside(rows, accounts))
    rows.push(...(await store.ofAccounts(provider, ids)));
  return rows;
}

const nameOf = ({ userId, provider }: LinkRow) => `${userId} ${provider}`;
