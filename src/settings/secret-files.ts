import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Config, ConfigError, readConfig, settingNames } from './config.ts';
import { type Environment, given } from './environment.ts';
import { providerNames } from '../providers/registry.ts';

/** What hears of secrets that have changed. */
export interface SecretUsers {
  /** Replaced within: whoever reads a secret of it gets the new one from then on. */
  config: Config;
  /** Rejects when the links cannot be used with these. */
  renewLinks(links: Config['links']): Promise<void>;
  log: {
    info(fields: object, text: string): void;
    error(fields: object, text: string): void;
  };
}

/**
 * Follows the files that secrets are given in (`NAME_FILE`), so that whatever rotates them has to restart nobody. The
 * function returned looks at them; what it finds twice the same is taken, which a file that is being written is not.
 * What cannot be right is told by name and changes nothing. Undefined where no secret is in a file.
 */
export function followSecretFiles(
  { config, renewLinks, log }: SecretUsers,
  environment: Environment = process.env,
): (() => Promise<void>) | undefined {
  const names = settingNames.filter(
    (name) => name.endsWith('_FILE') && given(environment, name) !== undefined,
  );
  if (names.length === 0) return undefined;
  const digestOf = (name: string) => {
    try {
      return createHash('sha256')
        .update(readFileSync(given(environment, name) ?? ''))
        .digest('base64');
    } catch {
      return 'cannot be read';
    }
  };
  let used = names.map(digestOf);
  let seen = used;

  return async () => {
    const now = names.map(digestOf);
    const isSettled = now.every((digest, at) => digest === seen[at]);
    seen = now;
    const changed = names.filter((_, at) => now[at] !== used[at]);
    if (changed.length === 0 || !isSettled) return;
    // Not looked at again before they change again: what is wrong is told once.
    used = now;
    try {
      const fresh = readConfig(environment);
      await renewLinks(fresh.links);
      take(config, fresh);
      log.info({ changed }, 'secrets read again');
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems : [(error as Error).message];
      log.error({ changed, problems }, 'Changed secrets cannot be used: those from before are kept.');
    }
  };
}

function take(config: Config, { routerSecrets, metricsSecrets, links, providers }: Config): void {
  Object.assign(config, { routerSecrets, metricsSecrets, links });
  for (const name of providerNames)
    Object.assign(config.providers.settings[name] ?? {}, providers.settings[name]);
}
