import { DatabaseSync } from 'node:sqlite';
import { createCipher } from '../../src/links/cipher.ts';

/** Who a user is elsewhere. A group without an account there is absent. */
export interface Accounts {
  ejento?: string;
  insighto?: { id: string; key: string };
  atoms?: { id: string; key: string };
}

/**
 * The account links as all rivals read them: the product's own file, one statement for all users of a request, the
 * keys opened. No cache, no error handling.
 */
export function openStoredLinks(
  path: string,
  key: string,
): (userIds: readonly string[]) => Map<string, Accounts> {
  const db = new DatabaseSync(path, { readOnly: true });
  const cipher = createCipher([Buffer.from(key, 'base64')]);
  const columns = 'SELECT user_id, provider, external_id, key_id, sealed FROM links WHERE user_id';
  const ofOne = db.prepare(`${columns} = ?`);
  const ofMany = db.prepare(`${columns} IN (SELECT value FROM json_each(?))`);

  return (userIds) => {
    const accounts = new Map<string, Accounts>();
    const [first] = userIds;
    const rows = userIds.length === 1 ? ofOne.all(first as string) : ofMany.all(JSON.stringify(userIds));
    for (const row of rows as unknown as Row[]) {
      let of = accounts.get(row.user_id);
      if (!of) accounts.set(row.user_id, (of = {}));
      if (row.provider === 'ejento') of.ejento = row.external_id;
      else if (row.provider === 'insighto') of.insighto = withKey(row);
      else if (row.provider === 'atoms') of.atoms = withKey(row);
    }
    return accounts;
  };

  /** A key is opened when it is used: a list of organizations needs none. */
  function withKey({ user_id: userId, provider, external_id: id, key_id: keyId, sealed: bytes }: Row) {
    return {
      id,
      get key() {
        return cipher.open({ userId, provider, externalId: id, sealed: { keyId, bytes } }) ?? '';
      },
    };
  }
}

interface Row {
  user_id: string;
  provider: string;
  external_id: string;
  key_id: string;
  sealed: Uint8Array;
}
