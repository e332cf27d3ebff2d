import { readFileSync, statSync } from 'node:fs';
import { settingNames } from './config.ts';
import type { Environment } from './environment.ts';
import { providerNames } from '../providers/registry.ts';

/** What is no reason not to start but hardly meant, one line each; by name, never with a value. */
export function settingsWarnings(
  environment: Environment = process.env,
  nodeOptions: readonly string[] = process.execArgv,
): string[] {
  return [...Object.keys(environment).flatMap(misspelt), ...nodeOptions.flatMap(inFileOf)];
}

/** Those that are everybody's, and may as well be misspelt. */
const SHARED = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
const names = [...settingNames, ...SHARED];
const known = new Set(names);
const ofProviders = new RegExp(`^(${providerNames.join('|')})_`, 'i');
/** Kubernetes sets variables of this form for every service of a namespace: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)$/;

/** Only variables that can be meant for this service: an environment is full of others. */
function misspelt(name: string): string[] {
  if (known.has(name) || SHARED.includes(name.toUpperCase()) || OF_KUBERNETES.test(name)) return [];
  const upper = name.toUpperCase();
  const nearest = names
    .map((setting) => ({ setting, distance: distanceOf(upper, setting) }))
    .reduce((best, next) => (next.distance < best.distance ? next : best));
  // A short name is near to many: PORT to SORT, HOST to POST.
  const isNear = nearest.distance <= Math.min(2, Math.floor(nearest.setting.length / 4) - 1);
  const meant = isNear ? nearest.setting : (lackingItsEnd(upper) ?? withAnotherEnd(upper));
  if (meant === undefined && !ofProviders.test(name)) return [];
  const hint = meant === undefined ? 'the README names those there are.' : `is ${meant} meant?`;
  return [`${name} is no setting and has no effect: ${hint}`];
}

/** The setting whose last word was left out, most often its unit. A single word may be anybody's. */
function lackingItsEnd(name: string): string | undefined {
  return name.includes('_') ? settingNames.find((setting) => setting.startsWith(`${name}_`)) : undefined;
}

/** The setting that a word was put behind, such as a unit that it does not have. A single word may be anybody's. */
function withAnotherEnd(name: string): string | undefined {
  return settingNames.find((setting) => setting.includes('_') && name.startsWith(`${setting}_`));
}

/** Letters that are missing, added, different or exchanged with their neighbour (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above = 0, diagonal = 0, left = 0] = [last[j], last[j - 1], row[j - 1]];
      row[j] = Math.min(above + 1, left + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j] ?? 0, (beforeLast[j - 2] ?? 0) + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The file that Node was told to read the environment from holds secrets. Files of single ones are the platform's. */
function inFileOf(nodeOption: string): string[] {
  const file = /^--env-file(?:-if-exists)?=(.+)$/.exec(nodeOption)?.[1];
  const mode = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
  if (file === undefined || mode === undefined) return [];
  // Windows has no such bits, and always shows them set.
  const isReadable = (mode & 0o077) !== 0 && process.platform !== 'win32';
  const isLate = /^\s*(export\s+)?NODE_EXTRA_CA_CERTS\s*=/m.test(readFileSync(file, 'utf8'));
  return [
    ...(isReadable ? [`${file} holds secrets and others may read it: chmod 600 ${file}`] : []),
    ...(isLate
      ? [`NODE_EXTRA_CA_CERTS has no effect in ${file}: Node looks for it before it reads the file`]
      : []),
  ];
}
