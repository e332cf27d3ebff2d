import type { LinksAdmin } from './admin.ts';
import { type Command, UsageError } from './arguments.ts';
import { isReadableByOthers, readFile } from './command-files.ts';
import { type CommandWorld, EXIT, tell } from './command-world.ts';
import { LinkSealError } from './link.ts';
import { holdsSecret } from './link-row.ts';
import type { LinksSettings } from './open-store.ts';
import { showProgress } from './progress.ts';
import { checkShare, findGone, type Standings } from './prune.ts';
import { replayRemovals } from './replay.ts';
import type { WalkOptions } from './reseal.ts';

/** Rejected lines that are told one by one to a person. */
const MOST_TOLD = 100;

/** What each command needs the keys for. */
export const DEMAND: Readonly<Record<RowCommand['name'], NonNullable<LinksSettings['demand']>>> = {
  import: 'all',
  list: 'nothing',
  remove: 'nothing',
  prune: 'nothing',
  export: 'all',
  seal: 'keys',
  verify: 'keys',
  replay: 'nothing',
  'rotate-key': 'all',
};

/** The commands that are about rows. */
export type RowCommand = Exclude<Command, { name: 'help' | 'backup' | 'restore' }>;

export type Run<Name extends RowCommand['name']> = (
  command: Extract<Command, { name: Name }>,
  links: LinksAdmin,
  world: CommandWorld,
  standings: () => Standings,
) => Promise<number>;

export const RUN: { readonly [Name in RowCommand['name']]: Run<Name> } = {
  async import({ file, dryRun, json }, links, { stdin, stdout, stderr }) {
    const source = file === '-' ? stdin : readFile(file);
    const progress = showProgress(stderr, 'lines');
    let told = 0;
    const report = await links
      .import(source, {
        dryRun,
        readableByOthers: file !== '-' && isReadableByOthers(file) ? file : undefined,
        onRejected: (line, reason) => {
          told += 1;
          if (json) return tell(stdout, { line, reason });
          return told <= MOST_TOLD ? tell(stdout, `line ${line} rejected: ${reason}`) : undefined;
        },
        onProgress: (counts) => progress.at(Object.values(counts).reduce((sum, count) => sum + count, 0)),
        onWaiting: () => progress.say('somebody else writes: waiting for the end of it'),
      })
      .finally(() => progress.end());
    if (!json && told > MOST_TOLD)
      await tell(stdout, `${told - MOST_TOLD} more lines rejected: --json tells all of them`);
    const counts = Object.entries(report).map(([outcome, lines]) => `${lines} ${outcome}`);
    await tell(stdout, json ? { ...report, dryRun } : `${dryRun ? 'dry run: ' : ''}${counts.join(', ')}`);
    return report.rejected > 0 ? EXIT.linesRejected : EXIT.done;
  },

  async list(command, links, { stdout }) {
    if (command.rejected) {
      for await (const { row, since } of links.rejected(command)) {
        const { userId, provider, externalId } = row;
        const fields = { userId, provider, externalId, rejectedSince: since };
        await tell(stdout, command.json ? fields : Object.values(fields).join('\t'));
      }
      return EXIT.done;
    }
    for await (const { userId, provider, externalId, sealed } of links.rows(command)) {
      const hasSecret = holdsSecret(sealed);
      const words = [userId, provider, externalId, hasSecret ? 'with secret' : 'without secret'];
      await tell(stdout, command.json ? { userId, provider, externalId, hasSecret } : words.join('\t'));
    }
    return EXIT.done;
  },

  async remove({ userId, provider, json }, links, { stdout }) {
    const removed = await links.remove(userId, provider);
    await tell(stdout, json ? { removed } : `${removed} removed`);
    return EXIT.done;
  },

  async prune({ dryRun, atMost, json }, links, { stdout, stderr }, standings) {
    const progress = showProgress(stderr, 'people');
    const people = standings();
    const census = await findGone(links, people, (count) => progress.at(count)).finally(async () => {
      progress.end();
      await people.close();
    });
    for (const { userId, standing, providers } of census.gone)
      await tell(
        stdout,
        json ? { userId, standing, providers } : [userId, standing, ...providers].join('\t'),
      );
    checkShare(census, atMost);
    let removed = 0;
    for (const { userId, providers } of census.gone)
      removed += dryRun ? providers.length : await links.remove(userId);
    const counts = { people: census.gone.length, removed, linked: census.linked };
    const words = `${removed} removed, of ${counts.people} of ${counts.linked} people`;
    await tell(stdout, json ? { ...counts, dryRun } : `${dryRun ? 'dry run: ' : ''}${words}`);
    return EXIT.done;
  },

  async export(command, links, { stdout, stderr }) {
    const { fd } = stdout as { fd?: number };
    if (command.withSecrets && fd !== undefined && isReadableByOthers(fd))
      throw new UsageError('the file that the output goes to can be read by others: (umask 077; … > FILE)');
    let exit: number = EXIT.done;
    for await (const row of links.rows(command)) {
      const { userId, provider, externalId } = row;
      try {
        const secret = links.open(row);
        await tell(stdout, { userId, provider, externalId, ...(command.withSecrets && { secret }) });
      } catch (error) {
        if (!(error instanceof LinkSealError)) throw error;
        await tell(stderr, `not exported: ${error.message}`);
        exit = EXIT.linesRejected;
      }
    }
    return exit;
  },

  async replay({ file, json }, links, { stdin, stdout }) {
    const removed = await replayRemovals(file === '-' ? stdin : readFile(file), links);
    await tell(stdout, json ? { removed } : `${removed} removed`);
    return EXIT.done;
  },

  'rotate-key': ({ json }, links, world) =>
    walk(world, json, 'links', {
      work: (options) => links.rotateKey(options),
      report: (resealed) => [{ resealed }, `${resealed} sealed with the first key`],
    }),

  seal: ({ json }, links, world) =>
    walk(world, json, 'links', {
      work: (options) => links.seal(options),
      report: (sealed) => [{ sealed }, `${sealed} sealed`],
    }),

  verify: ({ json }, links, world) =>
    walk(world, json, 'links', {
      work: (options) => links.verify(options),
      report: (verified, problems) => [
        { verified, problems },
        `${verified} links, ${problems === 0 ? 'all' : verified - problems} as they were written`,
      ],
    }),
};

/** Runs what goes through all rows, and tells those that it had to leave as they are. */
async function walk(
  { stdout, stderr }: CommandWorld,
  json: boolean,
  things: string,
  {
    work,
    report,
  }: {
    work: (options: WalkOptions) => Promise<number>;
    report: (rows: number, problems: number) => readonly [object, string];
  },
): Promise<number> {
  const progress = showProgress(stderr, things);
  let problems = 0;
  const rows = await work({
    onProgress: (count) => progress.at(count),
    onProblem: ({ row: { userId, provider, externalId }, why }) => {
      problems += 1;
      return tell(
        stdout,
        json
          ? { userId, provider, externalId, problem: why }
          : `${userId}\t${provider}\t${externalId}\t${why}`,
      );
    },
  }).finally(() => progress.end());
  const [fields, words] = report(rows, problems);
  await tell(stdout, json ? fields : words);
  return problems > 0 ? EXIT.linesRejected : EXIT.done;
}
