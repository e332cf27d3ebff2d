import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../src/generated/persisted-documents.json' with { type: 'json' };
import { openStage, section, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** The users subgraph by itself, without a gateway: it takes no ids, and has no projects. */
async function openWithoutGateway(): Promise<Stage> {
  let url = '';
  return openStage({
    settings: { ROUTER_SECRET: '' },
    compose: ({ users }) => (url = new URL(users).origin),
    startGateway: async () => ({ url, stop: async () => {} }),
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('the id of a document is the digest of its text, as gateways compute it themselves', () => {
  for (const [id, text] of Object.entries(manifest)) expect(id).toBe(sha256(text));
});

test('the gateway is told a text once, and then never again', async () => {
  const first = await stage.visit({ as: 'demo-ada' });
  await section(first.page, 'Projects').getByText('Grace Hopper').first().waitFor();
  const texts = first.sent.flatMap(({ query }) => query ?? []);
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(manifest[sha256(text) as keyof typeof manifest]).toBe(text);

  const second = await stage.visit({ as: 'demo-grace' });
  await section(second.page, 'Projects').getByText('Grace Hopper').first().waitFor();
  expect(second.sent.map(({ operationName }) => operationName)).toEqual(['Account', 'Projects']);
  for (const { query, extensions } of second.sent) {
    expect(query).toBeUndefined();
    expect(manifest).toHaveProperty(extensions?.persistedQuery.sha256Hash ?? '');
  }
});

test('a server that takes no ids is sent the text alone', async () => {
  const alone = await openWithoutGateway();
  try {
    const { page, sent } = await alone.visit({ as: 'demo-ada' });
    await page.getByRole('button', { name: 'Edit profile' }).click();
    await page.getByLabel('Name').fill('Ada King');
    await page.getByRole('button', { name: 'Save' }).click();
    await section(page, 'Profile').getByText('Ada King').waitFor();
    for (const { query, extensions } of sent) expect(query === undefined).toBe(extensions !== undefined);
    expect(alone.bird.count('PATCH', '/me')).toBe(1);
  } finally {
    await alone.close();
  }
});
