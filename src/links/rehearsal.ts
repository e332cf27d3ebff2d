import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinksSetupError } from './link.ts';
import { openSqliteStore } from './sqlite.ts';
import type { ImportTarget } from './store.ts';

/**
 * The store as an import would leave it, without touching it: what is written goes to a file of its own, for as
 * long as the claim is held, and what is read comes from there first. So a dry run of any length reports exactly
 * what the import would.
 */
export async function openRehearsal(store: ImportTarget): Promise<ImportTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'links-dry-run-')).catch((error: NodeJS.ErrnoException) => {
    throw new LinksSetupError(
      `A dry run needs a folder for temporary files: TMPDIR names none (${error.code}).`,
    );
  });
  const written = openSqliteStore(join(folder, 'written.db'));
  await written.prepare();
  return {
    async of(userIds) {
      const rows = await written.of(userIds);
      const names = new Set(rows.map((row) => `${row.userId} ${row.provider}`));
      const others = (await store.of(userIds)).filter((row) => !names.has(`${row.userId} ${row.provider}`));
      return [...rows, ...others];
    },
    async usersOf(provider, externalIds) {
      const stored = await store.usersOf(provider, externalIds);
      const rows = await written.of(stored.map((owner) => owner.userId));
      const moved = new Set(rows.filter((row) => row.provider === provider).map((row) => row.userId));
      const kept = stored.filter((owner) => !moved.has(owner.userId));
      return [...kept, ...(await written.usersOf(provider, externalIds))];
    },
    async claimImport() {
      const claim = await written.claimImport();
      return (
        claim && {
          replace: claim.replace,
          async release() {
            await claim.release();
            await written.close();
            await rm(folder, { recursive: true });
          },
        }
      );
    },
  };
}
