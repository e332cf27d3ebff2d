import type { Cipher } from './cipher.ts';
import { LinksSetupError } from './link.ts';
import type { LinkStore } from './store.ts';

const BATCH = 1_000;

/**
 * Seals with the current key whatever is sealed with another, batch by batch. What is done is found done, so an
 * interrupted rotation is simply started again. Returns how many secrets were resealed.
 */
export async function rotateKey(
  store: LinkStore,
  cipher: Cipher,
  onProgress?: (resealed: number) => void,
): Promise<number> {
  if (cipher.keyId === null)
    throw new LinksSetupError('There is no key to rotate to: set LINKS_ENCRYPTION_KEY.');
  let resealed = 0;
  for (const keyId of await store.keyIds()) {
    if (keyId === cipher.keyId) continue;
    for (;;) {
      const rows = await store.sealedWith(keyId, BATCH);
      if (rows.length === 0) break;
      await store.reseal(
        rows.map((row) => ({ row, sealed: cipher.seal(cipher.open(row.sealed, row), row) })),
      );
      resealed += rows.length;
      onProgress?.(resealed);
    }
  }
  return resealed;
}
