import { readLinksSettings, readOperatorsBird } from '../settings/config.ts';
import { linkable } from '../providers/registry.ts';
import { openStandings } from '../providers/standings.ts';
import { runLinksCommand } from './command.ts';

const { stdin, stdout, stderr } = process;

// Whoever reads the output may stop early, as in `… list | head`.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 141 : 1);
});

process.exitCode = await runLinksCommand(process.argv.slice(2), {
  settings: readLinksSettings,
  linkable,
  standings: (log) => openStandings(readOperatorsBird(), { log }),
  stdin,
  stdout,
  stderr,
});
