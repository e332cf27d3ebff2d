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

/** What stands in the files, by the setting that names each; null where one cannot be read. */
type Texts = Readonly<Record<string, string | null>>;

/**
 * Follows the files that secrets are given in (`NAME_FILE`), so that whatever rotates them has to restart nobody. The
 * function returned looks at them; what it finds twice the same is taken, which a file that is being written is not.
 * What cannot be right is told by name, changes nothing and holds up none of the others. Undefined where no secret is
 * in a file.
 */
export function followSecretFiles(
  { config, renewLinks, log }: SecretUsers,
  environment: Environment = process.env,
): (() => Promise<void>) | undefined {
  const names = settingNames.filter(
    (name) => name.endsWith('_FILE') && given(environment, name) !== undefined,
  );
  if (names.length === 0) return undefined;
  const read = () => Object.fromEntries(names.map((name) => [name, textOf(given(environment, name) ?? '')]));
  /** Of each, what was found right last. */
  let used: Texts = read();
  let judged = used;
  let seen = used;

  /** Takes what stands in some of the files; what is wrong with it when it cannot be taken. */
  async function problemsOf(changed: readonly string[], now: Texts): Promise<readonly string[]> {
    const tried = { ...used, ...Object.fromEntries(changed.map((name) => [name, now[name] ?? null])) };
    try {
      const fresh = readConfig(withTexts(environment, tried));
      await renewLinks(fresh.links);
      take(config, fresh);
      used = tried;
      log.info({ changed }, 'secrets read again');
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.problems : [(error as Error).message];
    }
  }

  return async () => {
    const now = read();
    const isSettled = names.every((name) => now[name] === seen[name]);
    seen = now;
    const changed = names.filter((name) => now[name] !== judged[name]);
    if (changed.length === 0 || !isSettled) return;
    // Not looked at again before they change again: what is wrong is told once.
    judged = now;
    // Together first: there may be some that are only right together.
    const together = await problemsOf(changed, now);
    if (together.length === 0) return;
    for (const name of changed) {
      const problems = changed.length === 1 ? together : await problemsOf([name], now);
      if (problems.length > 0)
        log.error(
          { changed: [name], problems },
          'A changed secret cannot be used: the one from before is kept.',
        );
    }
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The environment as if the secrets stood in it; a file that cannot be read stays one, and is told as such. */
function withTexts(environment: Environment, texts: Texts): Environment {
  const own = Object.entries(texts).filter(([, text]) => text !== null);
  return {
    ...environment,
    ...Object.fromEntries(
      own.flatMap(([name, text]) => [
        [name, undefined],
        [name.slice(0, -'_FILE'.length), text],
      ]),
    ),
  } as Environment;
}

function take(config: Config, { routerSecrets, metricsSecrets, links, providers }: Config): void {
  Object.assign(config, { routerSecrets, metricsSecrets, links });
  for (const name of providerNames)
    Object.assign(config.providers.settings[name] ?? {}, providers.settings[name]);
}
