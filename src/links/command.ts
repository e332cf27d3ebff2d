import { once } from 'node:events';
import { createReadStream, fstatSync, statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { describeError } from '../telemetry/log.ts';
import { type Command, helpFor, readCommand, UsageError } from './arguments.ts';
import type { LinksLog } from './guarded-store.ts';
import {
  type Linkable,
  type LinksAdmin,
  LinkSealError,
  LinksSetupError,
  type LinksSettings,
  LinksUnavailableError,
  openLinks,
} from './links.ts';
import { holdsSecret } from './link-row.ts';
import { replayRemovals } from './replay.ts';
import { backUp, restore } from './sqlite-backup.ts';
import { showProgress, type Terminal } from './progress.ts';
import type { WalkOptions } from './reseal.ts';

/** What a run of the command line is given. */
export interface CommandWorld {
  /** Asked only when the links are needed; what it throws is told as wrong settings. */
  readonly settings: () => Pick<LinksSettings, 'url' | 'keys' | 'connections'>;
  readonly linkable: Linkable;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Terminal;
}

/** Rejected lines that are told one by one to a person. */
const MOST_TOLD = 100;

/** Explained in the help. */
const EXIT = { done: 0, defect: 1, useless: 2, tryAgain: 3, linesRejected: 4 } as const;

/** Runs one command and returns its exit code. What cannot be done is told on standard error. */
export async function runLinksCommand(words: readonly string[], world: CommandWorld): Promise<number> {
  try {
    const command = readCommand(words, world.linkable);
    if (command.name === 'help') {
      await write(world.stdout, helpFor(world.linkable));
      return EXIT.done;
    }
    if (command.name === 'backup' || command.name === 'restore') return await copy(command, world);
    const links = await openLinks({
      ...settingsOf(world),
      linkable: world.linkable,
      log: untold,
      mustExist: command.name !== 'import',
      demand: DEMAND[command.name],
    });
    try {
      return await (RUN[command.name] as Run<typeof command.name>)(command, links, world);
    } finally {
      await links.close();
    }
  } catch (error) {
    const [exit, message] = verdictOn(error);
    await write(world.stderr, `links: ${message}\n`);
    return exit;
  }
}

/** What each command needs the keys for. */
const DEMAND: Readonly<Record<RowCommand['name'], NonNullable<LinksSettings['demand']>>> = {
  import: 'all',
  list: 'nothing',
  remove: 'nothing',
  export: 'all',
  seal: 'keys',
  verify: 'keys',
  replay: 'nothing',
  'rotate-key': 'all',
};

/** The commands that are about rows. */
type RowCommand = Exclude<Command, { name: 'help' | 'backup' | 'restore' }>;

type Run<Name extends RowCommand['name']> = (
  command: Extract<Command, { name: Name }>,
  links: LinksAdmin,
  world: CommandWorld,
) => Promise<number>;

const RUN: { readonly [Name in RowCommand['name']]: Run<Name> } = {
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

/** Copies all links to a file, or from one. */
async function copy(
  { name, file, json }: Extract<Command, { name: 'backup' | 'restore' }>,
  world: CommandWorld,
): Promise<number> {
  const { url } = settingsOf(world);
  await (name === 'backup' ? backUp(url, file) : restore(url, file));
  const words =
    name === 'backup'
      ? `${file} holds all links as they are now. Keep the key elsewhere.`
      : 'restored. Forget again who was forgotten since the backup: docs/operations-links.md, “Backup and restore”.';
  await tell(world.stdout, json ? { [name]: file } : words);
  return EXIT.done;
}

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

function settingsOf({ settings }: CommandWorld) {
  try {
    return settings();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the settings cannot be read');
  }
}

/** Whether a file, if it is one, can be read by more than its owner. */
function isReadableByOthers(file: string | number): boolean {
  if (process.platform === 'win32') return false;
  const stat = typeof file === 'number' ? fstatSync(file) : statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() && (stat.mode & 0o044) !== 0;
}

async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function verdictOn(error: unknown): readonly [exit: number, message: string] {
  if (error instanceof UsageError) return [EXIT.useless, `${error.message}. See: npm run links -- --help`];
  if (error instanceof LinksSetupError || error instanceof LinkSealError) {
    return [EXIT.useless, error.message];
  }
  if (error instanceof LinksUnavailableError) {
    return [EXIT.tryAgain, `${error.message} What was done is done; the same command goes on from there.`];
  }
  return [EXIT.defect, `unexpected: ${JSON.stringify(describeError(error))}`];
}

/** Writes one line of results. */
function tell(stream: Writable, result: object | string): Promise<void> {
  return write(stream, `${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}

/** Waits for a slow reader, so that a million lines do not pile up in memory. */
async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** Every failure reaches the person as an error of the command. */
const untold: LinksLog = { info() {}, error() {} };
