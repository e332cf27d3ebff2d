import { ConfigError, readConfig } from './settings/config.ts';
import { followSecretFiles } from './settings/secret-files.ts';
import { settingsSummary } from './settings/summary.ts';
import { settingsWarnings } from './settings/warnings.ts';
import { openLinks } from './links/links.ts';
import { openLog } from './telemetry/log.ts';
import { linkable } from './providers/registry.ts';
import { startService } from './service.ts';

/** How often the files of secrets are looked at. What is found twice is taken, so within two seconds. */
const SECRETS_LOOKED_AT_MS = 1_000;

try {
  const config = readConfig();
  const log = openLog({ level: config.logLevel });
  for (const warning of settingsWarnings()) log.warn({}, warning);
  // Node itself would print all of the error, and errors carry addresses and keys.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'An error that nobody foresaw ends the process.');
    process.exit(1);
  });
  // Before anything takes its time: the first process of a container gets no signal that it does not listen to.
  let stop = async (): Promise<void> => {};
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      log.info({ signal }, 'stopping');
      await stop();
      process.exit(0);
    });
  }
  const links = await openLinks({ ...config.links, linkable, log });
  const tracing = config.tracing
    ? await (await import('./telemetry/tracing.ts')).openTracing(config.tracing)
    : undefined;
  const service = await startService({ config, log, links, tracing });
  stop = service.stop;
  log.info({ url: service.url, ...settingsSummary(config) }, 'serving');
  const look = followSecretFiles({ config, renewLinks: (settings) => links.renew(settings), log });
  if (look) setInterval(() => void look(), SECRETS_LOOKED_AT_MS).unref();
  await service.warm();
} catch (error) {
  const text =
    error instanceof ConfigError ? error.message : `The service did not start: ${(error as Error).message}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
