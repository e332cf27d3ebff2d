import { expect, it } from 'vitest';
import { UNKNOWN_OWNER } from '../../src/http/caller.ts';
import { Identities } from '../../src/request/identities.ts';
import { Viewer } from '../../src/request/viewer.ts';

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

it('nothing is believed that was learned, or was being learned, while it was in doubt whose answers came', async () => {
  const identities = new Identities(60);
  const named = (id: string) => {
    const answer = async () => ({ id, status: null });
    return { anybody: answer, only: answer, afresh: answer, contradicted: () => new Error() };
  };
  const viewerOf = (token: string, id: string) =>
    new Viewer({ token, isOperator: false, identities, identify: named(id) });
  await viewerOf('known', 'ada').id();
  const onItsWay = viewerOf('on its way', 'grace').id();
  identities.forgetAll();
  await onItsWay;
  expect(viewerOf('known', 'ada').rememberedId()).toBeUndefined();
  expect(viewerOf('on its way', 'grace').rememberedId()).toBeUndefined();
});

it('calls are made for the person, for nobody in particular, or for the many whom nobody knows yet', async () => {
  const identities = new Identities(60);
  const named = async () => ({ id: 'ada', status: null });
  const identify = { anybody: named, only: named, afresh: named, contradicted: () => new Error() };
  const viewer = (token: string | null, isOperator = false) =>
    new Viewer({ token, isOperator, identities, identify });
  expect(viewer(null).caller()).toBeNull();
  expect(viewer('demo-ada').caller()).toBe(UNKNOWN_OWNER);
  expect(viewer('demo-ada', true).caller()).toBe(UNKNOWN_OWNER);
  await viewer('demo-ada').id();
  expect(viewer('demo-ada').caller()).toBe('ada');
  expect(viewer('demo-ada', true).caller()).toBeNull();
});

it('a refused token is remembered briefly, apart from those that are good, and not at once if it was one', () => {
  let now = 1_000;
  const identities = new Identities(30, () => now);
  identities.of('good').remember({ id: 'ada', status: 'ACTIVE' });
  for (let n = 0; n < 30_000; n++) identities.of(`invented-${n}`).refuse();
  expect(identities.of('invented-29999').isRefused()).toBe(true);
  expect(identities.of('invented-0').isRefused()).toBe(false);
  expect(identities.of('good').last()?.userId).toBe('ada');

  identities.of('good').refuse();
  expect([identities.of('good').last(), identities.of('good').isRefused()]).toEqual([undefined, false]);
  identities.of('good').refuse();
  expect(identities.of('good').isRefused()).toBe(true);
  now += 10_001;
  expect(identities.of('good').isRefused()).toBe(false);
  const off = new Identities(0);
  off.of('any').refuse();
  expect(off.of('any').isRefused()).toBe(false);
});
