import { describeError, openLog } from '../telemetry/log.ts';
import { type Command, readCommand, UsageError } from './arguments.ts';
import { helpFor } from './command-help.ts';
import { type CommandWorld, EXIT, tell, write } from './command-world.ts';
import { LinkSealError, LinksSetupError, LinksUnavailableError, openLinks } from './links.ts';
import { PruneRefused } from './prune.ts';
import { DEMAND, RUN, type Run } from './row-commands.ts';
import { backUp, restore } from './sqlite-backup.ts';

/** Runs one command and returns its exit code. What cannot be done is told on standard error. */
export async function runLinksCommand(words: readonly string[], world: CommandWorld): Promise<number> {
  try {
    const command = readCommand(words, world.linkable);
    if (command.name === 'help') {
      await write(world.stdout, helpFor(world.linkable));
      return EXIT.done;
    }
    if (command.name === 'backup' || command.name === 'restore') return await copy(command, world);
    const log = openLog({ level: 'info', to: world.stderr });
    const links = await openLinks({
      ...given(world.settings),
      linkable: world.linkable,
      // Of removals a line is kept, as the service keeps it; every failure is told as an error of the command.
      log: { info: log.info.bind(log), error() {} },
      mustExist: command.name !== 'import',
      demand: DEMAND[command.name],
    });
    try {
      return await (RUN[command.name] as Run<typeof command.name>)(command, links, world, () =>
        given(() => world.standings(log)),
      );
    } finally {
      await links.close();
    }
  } catch (error) {
    const [exit, message] = verdictOn(error);
    await write(world.stderr, `links: ${message}\n`);
    return exit;
  }
}

/** Copies all links to a file, or from one. */
async function copy(
  { name, file, json }: Extract<Command, { name: 'backup' | 'restore' }>,
  world: CommandWorld,
): Promise<number> {
  const { url } = given(world.settings);
  await (name === 'backup' ? backUp(url, file) : restore(url, file));
  const words =
    name === 'backup'
      ? `${file} holds all links as they are now. Keep the key elsewhere.`
      : 'restored. Forget again who was forgotten since the backup: docs/operations-links.md, “Backup and restore”.';
  await tell(world.stdout, json ? { [name]: file } : words);
  return EXIT.done;
}

/** What is made of the settings; when they are wrong, so is how the program is used. */
function given<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the settings cannot be read');
  }
}

function verdictOn(error: unknown): readonly [exit: number, message: string] {
  if (error instanceof UsageError) return [EXIT.useless, `${error.message}. See: npm run links -- --help`];
  if (error instanceof LinksSetupError || error instanceof LinkSealError) {
    return [EXIT.useless, error.message];
  }
  if (error instanceof PruneRefused) {
    return [error.isPassing ? EXIT.tryAgain : EXIT.useless, `Nothing was removed. ${error.message}`];
  }
  if (error instanceof LinksUnavailableError) {
    return [EXIT.tryAgain, `${error.message} What was done is done; the same command goes on from there.`];
  }
  return [EXIT.defect, `unexpected: ${JSON.stringify(describeError(error))}`];
}
