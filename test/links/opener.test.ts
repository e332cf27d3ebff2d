import { expect, it } from 'vitest';
import { createCipher } from '../../src/links/cipher.ts';
import type { LinkRow } from '../../src/links/link-row.ts';
import { openerOf } from '../../src/links/openable-link.ts';

const cipher = createCipher([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);
const silent = { info() {}, error() {} };

function row(n: number): LinkRow {
  const account = { userId: `user-${n}`, provider: 'numbers', externalId: `account-${n}` };
  return { ...account, sealed: cipher.seal(null, account) };
}

it('takes a seal that was right once for that very row alone', () => {
  const opener = openerOf(cipher, silent);
  const right = row(1);
  const { sealed } = right;
  opener.check(right);
  opener.check({ ...right });
  const others: LinkRow[] = [
    { ...right, userId: 'user-2' },
    { ...right, provider: 'letters' },
    { ...right, externalId: 'account-2' },
    { ...right, sealed: sealed && { ...sealed, keyId: createCipher([Buffer.alloc(32, 2)]).keyId ?? '' } },
    { ...right, sealed: row(2).sealed },
    { ...right, sealed: null },
  ];
  for (const other of others) expect(() => opener.check(other)).toThrow('cannot be used');
  opener.check(right);
});

it('goes on with more rows than it remembers', () => {
  const opener = openerOf(cipher, silent);
  for (let n = 0; n < 50_010; n++) opener.check(row(n));
  expect(() => opener.check({ ...row(1), externalId: 'account-2' })).toThrow('it was altered');
});
