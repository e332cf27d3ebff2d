import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { LinkSecretError, LinksSetupError } from './link.ts';

/** An encrypted secret, and which key opens it. */
export interface Sealed {
  readonly keyId: string;
  /** Nonce (12 bytes), tag (16 bytes), ciphertext. */
  readonly bytes: Uint8Array;
}

/** The row that a secret belongs to. A sealed secret opens in no other. */
export interface SecretOwner {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
}

export interface Cipher {
  /** The id of the key that encrypts; null when no key is configured. */
  readonly keyId: string | null;
  knows(keyId: string): boolean;
  seal(secret: string, owner: SecretOwner): Sealed;
  /** Throws LinkSecretError. */
  open(sealed: Sealed, owner: SecretOwner): string;
}

/**
 * AES-256-GCM under the given keys of 32 bytes: the first encrypts, all decrypt.
 * A key's id is derived from the key, so there is nothing to configure beside it.
 */
export function createCipher(keys: readonly Buffer[]): Cipher {
  for (const key of keys) {
    if (key.length !== 32) throw new LinksSetupError('A links encryption key must be 32 bytes.');
  }
  // A Buffer as the key would be turned into a key object for every secret, at three times the cost of the rest.
  const keyring = new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key)]));
  const [current] = keyring;
  return {
    keyId: current?.[0] ?? null,
    knows: (keyId) => keyring.has(keyId),
    seal(secret, owner) {
      if (!current) throw new LinksSetupError('A secret cannot be stored without LINKS_ENCRYPTION_KEY.');
      const nonce = randomBytes(12);
      const gcm = createCipheriv('aes-256-gcm', current[1], nonce).setAAD(rowName(owner));
      const text = Buffer.concat([gcm.update(secret, 'utf8'), gcm.final()]);
      return { keyId: current[0], bytes: Buffer.concat([nonce, gcm.getAuthTag(), text]) };
    },
    open({ keyId, bytes }, owner) {
      const key = keyring.get(keyId);
      if (!key) throw new LinkSecretError(owner, `its key (id ${keyId}) is not configured`);
      try {
        const gcm = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(rowName(owner))
          .setAuthTag(bytes.subarray(12, 28));
        return gcm.update(bytes.subarray(28), undefined, 'utf8') + gcm.final('utf8');
      } catch {
        throw new LinkSecretError(owner, 'it was altered, or belongs to another row');
      }
    },
  };
}

/** Domain-separated from every other use of the key; 64 bits tell a handful of keys apart. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('links key id\0').update(key).digest('hex').slice(0, 16);
}

function rowName({ userId, provider, externalId }: SecretOwner): Buffer {
  return Buffer.from(JSON.stringify(['link-secret-v1', userId, provider, externalId]));
}
