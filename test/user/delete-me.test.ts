import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada } from '../simulators/index.ts';
import { fickleClient } from '../support/fickle-client.ts';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

const ADA = '00000000-0000-4000-8000-000000000ada';
const DELETE = `mutation { deleteMe { ... on DeleteMeAccepted { userId linksRemoved } } }`;

let subgraph: Subgraph;
beforeEach(async () => {
  subgraph = await startSubgraph();
});
afterEach(() => subgraph.stop());

const deletes = () => subgraph.bird.calls('DELETE');

describe('deleteMe', () => {
  it('asks Bird once, then forgets the person', async () => {
    await subgraph.ask(`{ me { organization { name } } }`, { as: 'demo-ada' });
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(errors).toEqual([]);
    expect(data.deleteMe).toEqual({ userId: ADA, linksRemoved: true });
    expect(deletes()).toMatchObject([{ method: 'DELETE', path: '/me', body: '' }]);

    const later = await subgraph.ask(`{ me { id } }`, { as: 'demo-ada' });
    expect(later.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const seen = await subgraph.entities([ADA], 'id name', { as: 'demo-grace' });
    expect(seen.data._entities).toEqual([null]);
    expect(seen.errors).toEqual([]);
  });

  it('takes 202 for a yes, whatever is said beside it', async () => {
    await subgraph.ask(`{ me { id } }`, { as: 'demo-ada' });
    subgraph.bird.answers(202, {
      body: 'Accepted',
      headers: { 'content-type': 'text/plain' },
      method: 'DELETE',
    });
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(errors).toEqual([]);
    expect(data.deleteMe).toEqual({ userId: ADA, linksRemoved: true });
  });

  it('forgets the person for good: a read that was under way brings nothing back', async () => {
    subgraph.bird.isSlow(200, { path: /^\/me$/, times: 1 });
    const reading = subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    await subgraph.bird.until(() => subgraph.bird.received === 1);
    await subgraph.ask('mutation { updateMe(input: { name: "Ada" }) { __typename } }', { as: 'demo-ada' });
    await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect((await reading).data.me).toEqual({ id: ADA });
    const later = await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    expect(later.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('leaves the operators what it takes to finish, when nobody knows whether Bird deletes', async () => {
    await subgraph.ask(`{ me { id } }`, { as: 'demo-ada' });
    subgraph.bird.resetsAfter({ method: 'DELETE', times: 1 });
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(data.deleteMe).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/not known whether/), extensions: { provider: 'bird' } },
    ]);
    expect((await subgraph.links.of([ADA])).get(ADA)).toHaveLength([...subgraph.people.links([ada])].length);
    const told = subgraph.log.filter((line) => line.includes('links kept after deleteMe'));
    expect(told.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'error',
        userId: ADA,
        requestId: expect.any(String),
        msg: expect.stringContaining(`npm run links -- remove --user ${ADA}`),
      }),
    ]);
  });

  describe('asked again after its answer was lost', () => {
    const linksOfAda = async () => (await subgraph.links.of([ADA])).get(ADA) ?? [];
    const told = () =>
      subgraph.log
        .filter((line) => line.includes('links kept after deleteMe'))
        .map((line) => JSON.parse(line));
    async function isLost() {
      subgraph.bird.resetsAfter({ method: 'DELETE', times: 1 });
      expect((await subgraph.ask(DELETE, { as: 'demo-ada' })).data.deleteMe).toBeNull();
      expect(await linksOfAda()).not.toEqual([]);
    }

    it('forgets the person whom Bird shows as deleted, without asking for it once more', async () => {
      subgraph.bird.keepsDeleted();
      await isLost();
      const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
      expect(errors).toEqual([]);
      expect(data.deleteMe).toEqual({ userId: ADA, linksRemoved: true });
      expect(deletes()).toHaveLength(1);
      expect(await linksOfAda()).toEqual([]);
    });

    it('says what is likely when Bird does not take the token any more, and removes nothing', async () => {
      await isLost();
      const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
      expect(data.deleteMe).toBeNull();
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/most likely made/), extensions: { code: 'UNAUTHENTICATED' } },
      ]);
      expect(deletes()).toHaveLength(1);
      expect(await linksOfAda()).not.toEqual([]);
      expect(told()).toHaveLength(2);
      expect(told()[1]).toMatchObject({
        level: 'error',
        userId: ADA,
        msg: expect.stringContaining(`npm run links -- remove --user ${ADA}`),
      });
    });

    it('says the same when Bird takes the token for a last time and refuses the deletion', async () => {
      await isLost();
      subgraph.bird.undeletes(ada);
      subgraph.bird.isUnauthorized({ method: 'DELETE' });
      const { errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/most likely made/), extensions: { code: 'UNAUTHENTICATED' } },
      ]);
      expect(await linksOfAda()).not.toEqual([]);
    });

    it('is sent anew when Bird had never heard of it', async () => {
      subgraph.bird.resets({ method: 'DELETE', times: 1 });
      expect((await subgraph.ask(DELETE, { as: 'demo-ada' })).data.deleteMe).toBeNull();
      const { data } = await subgraph.ask(DELETE, { as: 'demo-ada' });
      expect(data.deleteMe).toEqual({ userId: ADA, linksRemoved: true });
      expect(deletes()).toHaveLength(2);
      expect(await linksOfAda()).toEqual([]);
    });

    it('says nothing of it to others, whose tokens are refused for reasons of their own', async () => {
      await isLost();
      const { errors } = await subgraph.ask(DELETE, { as: 'demo-nobody' });
      expect(errors).toMatchObject([{ message: expect.stringMatching(/^Log in again/) }]);
      expect(told()).toHaveLength(1);
    });
  });

  it('leaves no read under way for later queries to join', async () => {
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    subgraph.bird.neverAnswers({ path: /^\/me$/, times: 1 });
    const older = fickleClient(subgraph.url, '{ me { name } }', 'demo-ada');
    await subgraph.bird.until(() => subgraph.bird.received === 2);
    await subgraph.ask(DELETE, { as: 'demo-ada' });
    const later = await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    expect(later.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(subgraph.bird.lines()).toEqual(['GET /me', 'GET /me', 'GET /me', 'DELETE /me', 'GET /me']);
    await older.goes();
  });

  it('asks Bird anew whose account it is, however well the token is known', async () => {
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(subgraph.bird.lines()).toEqual(['GET /me', 'GET /me', 'DELETE /me']);
  });

  it("removes nobody else's links when the token was taken for theirs", async () => {
    subgraph.bird.answersAnotherPerson({ path: /^\/me$/, times: 1 });
    const { data: wrong } = await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    expect(wrong.me.id).not.toBe(ADA);
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(data.deleteMe).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE', retryable: true } }]);
    expect(deletes()).toEqual([]);
    expect(subgraph.log.filter((line) => line.includes('links removed'))).toEqual([]);

    const again = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(again.data.deleteMe).toEqual({ userId: ADA, linksRemoved: true });
  });

  it("removes nobody else's links when Bird names them now", async () => {
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    subgraph.bird.answersAnotherPerson();
    const { data } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(data.deleteMe).toBeNull();
    expect(deletes()).toEqual([]);
    expect(subgraph.log.filter((line) => line.includes('links removed'))).toEqual([]);
  });

  it('does nothing when Bird does not say whose account it is, and that may be tried again', async () => {
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    subgraph.bird.unavailable(undefined, { method: 'GET' });
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(data.deleteMe).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE', retryable: true } }]);
    expect(deletes()).toEqual([]);
    expect((await subgraph.links.of([ADA])).get(ADA)).toHaveLength([...subgraph.people.links([ada])].length);
  });

  it('touches nothing of ours when Bird refuses', async () => {
    subgraph.bird.fails();
    const { data, errors } = await subgraph.ask(DELETE, { as: 'demo-ada' });
    expect(data.deleteMe).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird' } }]);
    await subgraph.bird.recovers();
    const still = await subgraph.ask(`{ me { organization { name } } }`, { as: 'demo-ada' });
    expect(still.data.me.organization.name).toEqual(expect.any(String));
  });

  it('is FORBIDDEN to nobody but needs a login', async () => {
    const { data, errors } = await subgraph.ask(DELETE);
    expect(data.deleteMe).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(subgraph.bird.requests).toEqual([]);
  });

  it('reports links that could not be removed, and says in the log how to finish', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'links-'));
    const file = join(directory, 'links.db');
    const broken = await startSubgraph({ LINKS_URL: `sqlite:${file}` });
    const other = new DatabaseSync(file);
    other.exec('DROP TABLE links');
    other.close();
    const { data, errors } = await broken.ask(DELETE, { as: 'demo-ada' });
    expect(errors).toEqual([]);
    expect(data.deleteMe).toEqual({ userId: ADA, linksRemoved: false });
    const line = broken.log.find((text) => text.includes('links not removed'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      level: 'error',
      userId: ADA,
      code: expect.stringContaining('SQLITE_1 '),
      msg: expect.stringContaining(`npm run links -- remove --user ${ADA}`),
    });
    expect(broken.bird.count('DELETE')).toBe(1);
    await broken.stop();
    rmSync(directory, { recursive: true });
  });
});
