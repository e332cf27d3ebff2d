import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { ada, grace } from './simulators/index.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

const directory = mkdtempSync(join(tmpdir(), 'links-down-'));
const file = join(directory, 'links.db');
const LINKED = '{ me { name organization { name } billing { isPaying } atomsAccount { id } } }';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ LINKS_URL: `sqlite:${file}` });
  renameSync(file, `${file}.away`);
  // Ten times a second it is looked whether the file is still there.
  await vi.waitFor(async () => {
    const { errors } = await subgraph.entities([randomUUID()], 'name', { as: ada.token });
    expect(errors).toHaveLength(1);
  });
});
afterAll(async () => {
  await subgraph.stop();
  rmSync(directory, { recursive: true });
});

it('costs what hangs on the links and nothing else, while the links cannot be read', async () => {
  const { status, data, errors } = await subgraph.ask(LINKED, { as: ada.token });
  expect(status).toBe(200);
  expect(data.me).toEqual({ name: 'Ada Lovelace', organization: null, billing: null, atomsAccount: null });
  expect(Object.fromEntries(errors.map(({ path, extensions }) => [path?.[1], extensions]))).toEqual(
    Object.fromEntries(
      ['organization', 'billing', 'atomsAccount'].map((field) => [
        field,
        { code: 'PROVIDER_UNAVAILABLE', provider: 'links', retryable: true },
      ]),
    ),
  );
});

it('is told without what the driver says of it', async () => {
  const { errors } = await subgraph.ask('{ me { organization { name } } }', { as: ada.token });
  expect(errors.map(({ message }) => message)).toEqual([
    'The account links cannot be read or written at the moment.',
  ]);
});

it('is no reason to say that somebody does not exist', async () => {
  const { data, errors } = await subgraph.entities([grace.userId], 'name', { as: ada.token });
  expect(data._entities).toEqual([null]);
  expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'links' } }]);
});

it('is no reason not to know who is asking', async () => {
  const { data, errors } = await subgraph.entities([ada.userId], 'id name', { as: ada.token });
  expect(errors).toEqual([]);
  expect(data._entities).toEqual([{ id: ada.userId, name: 'Ada Lovelace' }]);
  const one = await subgraph.ask(`{ user(id: "${ada.userId}") { name } }`, { as: ada.token });
  expect([one.data.user, one.errors]).toEqual([{ name: 'Ada Lovelace' }, []]);
});

it('leaves readiness alone, and is told once', async () => {
  expect((await fetch(`${subgraph.url}/readyz`)).status).toBe(200);
  expect(subgraph.log.filter((line) => line.includes('"level":"error"')).length).toBe(1);
});

it('ends by itself', async () => {
  renameSync(`${file}.away`, file);
  await expect
    .poll(async () => (await subgraph.ask(LINKED, { as: ada.token })).errors, { timeout: 5_000 })
    .toEqual([]);
});

it('that never answer are at fault themselves, when the time is over, and nobody else is asked', async () => {
  const hanging = await startSubgraph({ OPERATION_TIMEOUT_MS: '100' });
  onTestFinished(() => hanging.stop());
  vi.spyOn(hanging.links, 'of').mockReturnValue(new Promise(() => {}));
  const { data, errors } = await hanging.entities([ada.userId, grace.userId], 'name', { as: ada.token });
  expect(data._entities).toEqual([null, null]);
  const atFault = { code: 'PROVIDER_UNAVAILABLE', provider: 'links', retryable: true };
  expect(errors.map(({ extensions }) => extensions)).toEqual([atFault, atFault]);
  expect(hanging.bird.requests).toEqual([]);
  const line = hanging.log.find((text) => text.includes('"msg":"operation"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ calls: {}, ended: 'deadline' });
});
