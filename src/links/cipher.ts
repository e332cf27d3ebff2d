import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { LinkSealError, LinksSetupError } from './link.ts';
import { EMPTY_SEAL_BYTES, type LinkedAccount, type LinkRow, type Sealed } from './link-row.ts';

export interface Cipher {
  /** The id of the key that encrypts; null when no key is configured. */
  readonly keyId: string | null;
  /** From now on with these keys. */
  renew(keys: readonly Buffer[]): void;
  knows(keyId: string): boolean;
  /**
   * Seals a row as a whole: it opens only for this user, provider and account, and with this secret, or with none.
   * Without a key there is no seal, and no secret can be stored: throws LinksSetupError.
   */
  seal(secret: string | null, account: LinkedAccount): Sealed | null;
  /** The secret of a row, null where it has none. Throws LinkSealError when the row is not as it was written. */
  open(row: LinkRow): string | null;
}

/**
 * AES-256-GCM under the given keys of 32 bytes: the first encrypts, all decrypt.
 * A key's id is derived from the key, so there is nothing to configure beside it.
 */
export function createCipher(keys: readonly Buffer[]): Cipher {
  let keyring = keyringOf(keys);
  let [current] = keyring;
  return {
    get keyId() {
      return current?.[0] ?? null;
    },
    renew(others) {
      keyring = keyringOf(others);
      [current] = keyring;
    },
    knows: (keyId) => keyring.has(keyId),
    seal(secret, account) {
      if (!current) {
        if (secret === null) return null;
        throw new LinksSetupError('A secret cannot be stored without LINKS_ENCRYPTION_KEY.');
      }
      const nonce = nextNonce();
      const gcm = createCipheriv('aes-256-gcm', current[1], nonce).setAAD(rowName(account));
      const text = gcm.update(secret ?? '', 'utf8');
      gcm.final();
      return { keyId: current[0], bytes: Buffer.concat([nonce, gcm.getAuthTag(), text]) };
    },
    open(row) {
      if (row.sealed === null) {
        if (keyring.size === 0) return null;
        throw new LinkSealError(row, 'it is not sealed');
      }
      const { keyId, bytes } = row.sealed;
      const key = keyring.get(keyId);
      if (!key) throw new LinkSealError(row, `its key (id ${keyId}) is not configured`);
      try {
        const gcm = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(rowName(row))
          .setAuthTag(bytes.subarray(12, 28));
        if (bytes.length > EMPTY_SEAL_BYTES)
          return gcm.update(bytes.subarray(EMPTY_SEAL_BYTES), undefined, 'utf8') + gcm.final('utf8');
        gcm.final();
        return null;
      } catch {
        throw new LinkSealError(row, 'it was altered, or belongs to another row');
      }
    },
  };
}

/** The keys by id, in their order. A Buffer would be turned into a key object for every row, at three times the cost. */
function keyringOf(keys: readonly Buffer[]): Map<string, KeyObject> {
  for (const key of keys) {
    if (key.length !== 32) throw new LinksSetupError('A links encryption key must be 32 bytes.');
  }
  return new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key)]));
}

const NONCE_BYTES = 12;
let nonces = Buffer.alloc(0);

/** Random bytes that were not used before. Fetched many at a time, they cost a tenth. */
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCE_BYTES * 256);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** Domain-separated from every other use of the key; 64 bits tell a handful of keys apart. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('links key id\0').update(key).digest('hex').slice(0, 16);
}

/** What a seal vouches for beside its content. The text is older than the seals of rows without a secret. */
function rowName({ userId, provider, externalId }: LinkedAccount): Buffer {
  return Buffer.from(JSON.stringify(['link-secret-v1', userId, provider, externalId]));
}
