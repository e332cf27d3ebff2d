import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCipher } from '../../src/links/cipher.ts';
import { holdsSecret, type Sealed } from '../../src/links/link-row.ts';
import { keyA, keyB, user } from './fixtures.ts';

const account = { userId: user(1), provider: 'vault', externalId: 'a1' };
const secret = fc.option(fc.string({ minLength: 1 }));

/** Sealed with the first key. */
function sealedBy(cipher: ReturnType<typeof createCipher>, text: string | null): Sealed {
  const sealed = cipher.seal(text, account);
  if (!sealed) throw new Error('not sealed');
  return sealed;
}

it('opens what it sealed, with or without a secret, in its row and with its key only', () => {
  const cipher = createCipher([keyA]);
  fc.assert(
    fc.property(secret, (text) => {
      const row = { ...account, sealed: sealedBy(cipher, text) };
      expect(holdsSecret(row.sealed)).toBe(text !== null);
      expect(cipher.open(row)).toBe(text);
      expect(createCipher([keyB, keyA]).open(row)).toBe(text);
      for (const other of [{ userId: user(2) }, { provider: 'words' }, { externalId: 'a2' }]) {
        expect(() => cipher.open({ ...row, ...other })).toThrow('it was altered, or belongs to another row');
      }
      expect(() => createCipher([keyB]).open(row)).toThrow(
        `its key (id ${row.sealed.keyId}) is not configured`,
      );
    }),
  );
});

it('does not open what was altered or cut short anywhere, to the length of a seal without a secret too', () => {
  const cipher = createCipher([keyA]);
  fc.assert(
    fc.property(secret, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
      const sealed = sealedBy(cipher, text);
      const altered = Buffer.from(sealed.bytes);
      const at = place % altered.length;
      altered[at] = (altered[at] ?? 0) ^ change;
      for (const bytes of [altered, sealed.bytes.subarray(0, at), sealed.bytes.subarray(0, 28 - 1)]) {
        expect(() => cipher.open({ ...account, sealed: { ...sealed, bytes } })).toThrow('it was altered');
      }
    }),
  );
});

it('believes a row without a seal only where there is no key to seal with', () => {
  const row = { ...account, sealed: null };
  expect(createCipher([]).seal(null, account)).toBeNull();
  expect(createCipher([]).open(row)).toBeNull();
  expect(() => createCipher([keyA]).open(row)).toThrow('it is not sealed');
  expect(() => createCipher([]).seal('in-ada', account)).toThrow('without LINKS_ENCRYPTION_KEY');
});

it('seals the same differently each time', () => {
  const cipher = createCipher([keyA]);
  const sealed = Array.from({ length: 1_000 }, (_, n) =>
    Buffer.from(sealedBy(cipher, n % 2 === 0 ? 'in-ada' : null).bytes)
      .toString('hex')
      .slice(0, 24),
  );
  expect(new Set(sealed).size).toBe(1_000);
});

it('tells nothing of a key by its id, and refuses keys of another length', () => {
  const [{ keyId: idA }, { keyId: idB }] = [createCipher([keyA, keyB]), createCipher([keyB, keyA])];
  expect(idA).toMatch(/^[0-9a-f]{16}$/);
  expect(idA).not.toBe(idB);
  expect(keyA.toString('hex')).not.toContain(idA);
  expect(createCipher([]).keyId).toBeNull();
  expect(() => createCipher([Buffer.alloc(31)])).toThrow('A links encryption key must be 32 bytes.');
});
