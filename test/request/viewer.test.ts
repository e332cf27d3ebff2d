import { expect, it } from 'vitest';
import { Identities, Viewer } from '../../src/request/viewer.ts';

it('whose a token is, is looked up again once it has been remembered for as long as the setting says', async () => {
  let now = 1_000;
  let lookUps = 0;
  const identities = new Identities(60, () => now);
  const named = async () => ({ id: `seen ${(lookUps += 1)}`, status: null });
  const identify = { anybody: named, only: named, afresh: named, contradicted: () => new Error() };
  const idInARequest = () => new Viewer({ token: 'demo-ada', isOperator: false, identities, identify }).id();
  expect(await idInARequest()).toBe('seen 1');
  now += 59_999;
  expect(await idInARequest()).toBe('seen 1');
  now += 2; // to have been used makes it no younger
  expect(await idInARequest()).toBe('seen 2');
});
