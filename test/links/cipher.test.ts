import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCipher } from '../../src/links/cipher.ts';
import { keyA, keyB, user } from './fixtures.ts';

const owner = { userId: user(1), provider: 'vault', externalId: 'a1' };
const secret = fc.string({ minLength: 1 });

it('opens what it sealed, in its row and with its key only', () => {
  const cipher = createCipher([keyA]);
  fc.assert(
    fc.property(secret, (text) => {
      const sealed = cipher.seal(text, owner);
      expect(cipher.open(sealed, owner)).toBe(text);
      expect(createCipher([keyB, keyA]).open(sealed, owner)).toBe(text);
      for (const other of [{ userId: user(2) }, { provider: 'words' }, { externalId: 'a2' }]) {
        expect(() => cipher.open(sealed, { ...owner, ...other })).toThrow(
          'it was altered, or belongs to another row',
        );
      }
      expect(() => createCipher([keyB]).open(sealed, owner)).toThrow(
        `its key (id ${sealed.keyId}) is not configured`,
      );
    }),
  );
});

it('does not open what was altered or cut short anywhere', () => {
  const cipher = createCipher([keyA]);
  fc.assert(
    fc.property(secret, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
      const sealed = cipher.seal(text, owner);
      const altered = Buffer.from(sealed.bytes);
      const at = place % altered.length;
      altered[at] = (altered[at] ?? 0) ^ change;
      expect(() => cipher.open({ ...sealed, bytes: altered }, owner)).toThrow('it was altered');
      expect(() => cipher.open({ ...sealed, bytes: sealed.bytes.subarray(0, at) }, owner)).toThrow(
        'it was altered',
      );
    }),
  );
});

it('seals the same secret differently each time', () => {
  const cipher = createCipher([keyA]);
  const sealed = Array.from({ length: 100 }, () =>
    Buffer.from(cipher.seal('in-ada', owner).bytes).toString('hex'),
  );
  expect(new Set(sealed).size).toBe(100);
});

it('tells nothing of a key by its id, and refuses keys of another length', () => {
  const [{ keyId: idA }, { keyId: idB }] = [createCipher([keyA, keyB]), createCipher([keyB, keyA])];
  expect(idA).toMatch(/^[0-9a-f]{16}$/);
  expect(idA).not.toBe(idB);
  expect(keyA.toString('hex')).not.toContain(idA);
  expect(createCipher([]).keyId).toBeNull();
  expect(() => createCipher([Buffer.alloc(31)])).toThrow('A links encryption key must be 32 bytes.');
});
