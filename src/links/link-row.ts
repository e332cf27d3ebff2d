/** Whose account it is. */
export interface LinkedAccount {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
}

/** The seal of a row, which holds its secret, and the key that made it. */
export interface Sealed {
  readonly keyId: string;
  /** Nonce (12 bytes), tag (16 bytes), and as many as the secret has; none where there is no secret. */
  readonly bytes: Uint8Array;
  /** The same in hexadecimal digits, where it was read so. */
  readonly hex?: string;
}

/** A link as it is stored. Nothing of it may be believed before its seal was opened. */
export interface LinkRow extends LinkedAccount {
  /** Null where there was no key to seal with. */
  readonly sealed: Sealed | null;
}

/** How long a seal is without a secret in it. */
export const EMPTY_SEAL_BYTES = 28;

/** Whether a seal says that there is a secret; it can be told without the key. */
export function holdsSecret(sealed: Sealed | null): boolean {
  return sealed !== null && sealed.bytes.length > EMPTY_SEAL_BYTES;
}
