import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLinksCommand } from '../../src/links/command.ts';
import { linkable } from '../../src/providers/registry.ts';
import { openStandings } from '../../src/providers/standings.ts';
import { readOperatorsBird } from '../../src/settings/config.ts';
import { ada, type LinkRow, type Person, type Simulators, startSimulators } from '../simulators/index.ts';
import { keyA, ndjson } from './fixtures.ts';

const ADA = ada.userId;
const LISTED = /^\/organizations\//;

describe('links prune', () => {
  let folder: string;
  let simulators: Simulators;
  let slept: number[];
  let everybody: readonly Person[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'links-'));
    simulators = await startSimulators();
    slept = [];
    everybody = [...simulators.people.all, ...simulators.people.generate(120)];
    await imported(simulators.people.links(everybody));
  });
  afterEach(async () => {
    await simulators.close();
    await rm(folder, { recursive: true });
  });

  /** Runs `links WORDS` against the simulated Bird. */
  async function links(
    words: string,
    { stdin = '', settings = {} }: { stdin?: string; settings?: Record<string, string> } = {},
  ) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = Promise.all([text(stdout), text(stderr)]);
    const exit = await runLinksCommand(words.split(' '), {
      settings: () => ({ url: `sqlite:${join(folder, 'links.db')}`, keys: [keyA] }),
      linkable,
      standings: (log) =>
        openStandings(readOperatorsBird({ ...simulators.settings(), ...settings }), {
          log,
          sleep: async (ms) => void slept.push(ms),
        }),
      stdin: Readable.from([stdin]),
      stdout,
      stderr,
    });
    stdout.end();
    stderr.end();
    const [out, err] = await output;
    return { exit, out, err };
  }

  async function imported(rows: Iterable<LinkRow>) {
    const { exit } = await links('import -', { stdin: ndjson(...rows) });
    expect(exit).toBe(0);
  }

  const linkedUsers = async () =>
    new Set(
      (await links('list')).out
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    );

  /** Nothing was removed, and these were the words. */
  async function refuses(words: string, exit: number, why: RegExp, settings?: Record<string, string>) {
    const before = await links('list');
    const told = await links(words, settings && { settings });
    expect(told.err.split('\n').at(-2)).toMatch(/^links: Nothing was removed\. /);
    expect(told.err).toMatch(why);
    expect(told.exit).toBe(exit);
    expect(await links('list')).toEqual(before);
  }

  it('shows whose links belong to nobody any more, and then removes them', async () => {
    simulators.bird.deletes(ada);
    // One of the hundred is deleted and still listed.
    const deleted = everybody.find(({ number }) => number === 1006);
    const gone = [
      `${ADA}\tabsent\tatoms\tejento\tinsighto`,
      `${deleted?.userId}\tdeleted\tatoms\tejento\tinsighto`,
    ];
    expect(await links('prune --dry-run')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('dry run: 6 removed, of 2 of 223 people\n'),
    });
    expect((await linkedUsers()).size).toBe(223);

    const { exit, out, err } = await links('prune');
    expect(exit).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines.slice(0, 2).toSorted()).toEqual(gone.toSorted());
    expect(lines.slice(2)).toEqual(['6 removed, of 2 of 223 people']);
    expect(await linkedUsers()).toEqual(
      new Set(everybody.filter((person) => person !== ada && person !== deleted).map(({ userId }) => userId)),
    );
    // What was removed is told as the service tells it, so that it can be removed again after a restore.
    await imported(simulators.people.links([ada]));
    expect(await links('replay -', { stdin: err })).toMatchObject({ exit: 0, out: '3 removed\n' });
    expect(await links('prune --json')).toMatchObject({
      exit: 0,
      out: '{"people":0,"removed":0,"linked":221,"dryRun":false}\n',
    });
  });

  it('asks for a hundred people at once, as the organization, and for who is gone once more', async () => {
    simulators.bird.deletes(ada);
    await links('prune --dry-run --at-most 10');
    const asked = simulators.bird.calls('GET', LISTED).map(({ path, headers }) => {
      const query = new URLSearchParams(path.split('?')[1]);
      return [query.getAll('userIds').length, query.get('limit'), headers.authorization];
    });
    const key = `AccessKey ${simulators.settings()['BIRD_ACCESS_KEY']}`;
    expect(asked).toEqual([100, 100, 23, 2].map((ids) => [ids, '100', key]));
  });

  it('reads every page, however short they are', async () => {
    simulators.bird.deletes(ada);
    simulators.bird.pagesOf(30);
    expect(await links('prune')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('6 removed, of 2 of'),
    });
    simulators.bird.pagesOf(5);
    await refuses('prune', 2, /cannot be used/); // more pages than there can be for a hundred people
  });

  it.each<[string, () => unknown, number]>([
    ['is down', () => simulators.bird.isDown(), 3],
    ['fails', () => simulators.bird.fails(), 3],
    ['fails half-way', () => fromTheSecond(() => simulators.bird.fails()), 3],
    ['hangs up half-way through a page', () => simulators.bird.resetsWithin({ path: LISTED }), 3],
    ['rate-limits for a day', () => simulators.bird.rateLimits(86_400), 3],
    ['answers HTML', () => simulators.bird.badGateway(), 3],
    ['answers no list', () => simulators.bird.answers(200, { body: {} }), 2],
    ['answers null in place of the list', () => simulators.bird.answersNullData(), 2],
    ['answers people who cannot be read', () => simulators.bird.answers(200, { body: { results: [{}] } }), 2],
    ['answers about somebody else', () => simulators.bird.answersAnotherPerson(), 2],
  ])('removes nothing when Bird %s', async (_, goesWrong, exit) => {
    simulators.bird.deletes(ada);
    await goesWrong();
    await refuses('prune --at-most 1000', exit, /Bird/);
  });

  /** From the second page on. */
  function fromTheSecond(goesWrong: () => void) {
    const first = simulators.bird.until(() => simulators.bird.received > 0);
    void first.then(goesWrong);
  }

  it('is patient with trouble that passes', async () => {
    simulators.bird.deletes(ada);
    simulators.bird.fails({ times: 3 });
    expect(await links('prune')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('of 2 of 223 people'),
    });
    expect(slept.length).toBe(3);
  });

  it('removes nothing when the list was cut short, or changed, while it was read', async () => {
    simulators.bird.answers(200, { body: { results: [], nextPageToken: '' }, times: 1 });
    await refuses('prune --at-most 200', 3, /changed while it was read, or was not whole/);
  });

  it('removes nothing of somebody who comes into being meanwhile', async () => {
    const [newcomer] = simulators.people.generate(1);
    if (!newcomer) throw new Error('nobody');
    simulators.bird.deletes(newcomer);
    await imported(simulators.people.links([newcomer]));
    // They are there when they are asked about once more.
    void simulators.bird
      .until(() => simulators.bird.received === 3)
      .then(() => simulators.bird.undeletes(newcomer));
    await refuses('prune', 3, /changed while it was read/);
  });

  it('takes another organization, or another database, for what it is', async () => {
    for (const person of everybody) simulators.bird.deletes(person);
    await refuses('prune --at-most 1000', 2, /All 223 people who have links would be gone/);
  });

  it('removes the links of one in twenty people at most, unless told of how many', async () => {
    for (const person of everybody.slice(0, 20)) simulators.bird.deletes(person);
    await refuses('prune', 2, /20 of 223 people would be gone, .* one in 20\. .* --at-most 20\./);
    await refuses('prune --dry-run', 2, /--at-most 20/);
    await refuses('prune --at-most 19', 2, /more than 19\./);
    expect(await links('prune --at-most 20')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('of 20 of 223 people\n'),
    });
  });

  it.each([
    ['BIRD_ORGANIZATION_ID', 'b1bd0000-0000-4000-8000-000000000bad', /Does BIRD_ORGANIZATION_ID name/],
    ['BIRD_ACCESS_KEY', 'another-key', /BIRD_ACCESS_KEY must be the organization's own key/],
  ])('says what is wrong when Bird refuses for another %s', async (name, value, words) => {
    await refuses('prune', 2, words, { [name]: value });
  });

  it.each([
    [{ BIRD_ACCESS_KEY: '', BIRD_ORGANIZATION_ID: '' }, /BIRD_ORGANIZATION_ID is missing/],
    [{ BIRD_BASE_URL: '' }, /BIRD_BASE_URL is missing/],
    [{ NODE_ENV: 'production' }, /BIRD_BASE_URL must be https in production/],
  ])('names the settings that it needs: %j', async (settings, words) => {
    const { exit, err } = await links('prune', { settings });
    expect([exit, err]).toEqual([2, expect.stringMatching(words)]);
    expect(simulators.bird.requests).toEqual([]);
  });

  it.each(['prune --at-most -1', 'prune --at-most many', 'prune --at-most 5%', 'prune FILE'])(
    'does not guess what is meant: %s',
    async (words) => {
      expect((await links(words)).exit).toBe(2);
      expect(simulators.bird.requests).toEqual([]);
    },
  );

  it('has nothing to do, and asks nobody, where nobody is linked', async () => {
    await rm(join(folder, 'links.db'));
    await links('import -');
    expect(await links('prune')).toMatchObject({ exit: 0, out: '0 removed, of 0 of 0 people\n' });
    expect(simulators.bird.requests).toEqual([]);
  });

  it('keeps the key of the organization out of all that it says', async () => {
    simulators.bird.forbids();
    const { out, err } = await links('prune');
    expect(out + err).not.toContain(simulators.settings()['BIRD_ACCESS_KEY']);
    expect(err).toContain('"provider":"bird"');
  });
});
