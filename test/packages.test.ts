import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What the lockfiles say of the packages that production and everybody else gets: no registry has to be asked. */
interface Locked {
  version: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
}

interface Manifest {
  allowScripts: Record<string, boolean>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const lockedIn = (file: string) =>
  Object.entries((read(file) as { packages: Record<string, Locked> }).packages)
    .filter(([path, { link }]) => path !== '' && !link)
    .map(([path, locked]) => ({ path, name: path.slice(path.lastIndexOf('node_modules/') + 13), ...locked }));

const all = lockedIn('package-lock.json');
const ofProduction = all.filter(({ dev, devOptional }) => !dev && !devOptional);
const ofTraces = lockedIn('deploy/tracing/package-lock.json');

/** Licences that ask for no more than a notice. */
const LICENCES = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
const isFree = (licence = 'none') =>
  licence
    .replaceAll(/[()]/g, '')
    .split(/ (?:AND|OR) /)
    .every((one) => LICENCES.includes(one));

/** Most of them come with Apollo Server and its subgraph library. A further one needs a reason. */
const MOST_PACKAGES = 148;

describe('the packages', () => {
  it.each([
    ['of this repository', all],
    ['that traces take', ofTraces],
  ])('%s are what the lockfile says, byte by byte', (_which, packages) => {
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('of production are no more than there is a reason for', () => {
    expect(ofProduction.length).toBeLessThanOrEqual(MOST_PACKAGES);
  });

  it.each([
    ['of production', ofProduction],
    ['that traces take', ofTraces],
  ])('%s are free to use', (_which, packages) => {
    expect(
      packages.filter(({ license }) => !isFree(license)).map(({ name, license }) => ({ name, license })),
    ).toEqual([]);
  });

  it('run no script when they are installed, but for the one that brings Node, which production does not have', () => {
    const withScripts = all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    const { allowScripts } = read('package.json') as Manifest;
    expect(withScripts.filter((name) => allowScripts[name] === undefined)).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
    expect(ofProduction.map(({ name }) => name)).not.toContain('node');
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^strict-allow-scripts=true$/m);
    const steps = readFileSync('deploy/Dockerfile', 'utf8').replaceAll(/^#.*$/gm, '');
    expect(steps.match(/npm (ci|install)(?!.*--ignore-scripts)/g)).toBeNull();
  });

  it('are installed in an image that is named by version and digest, as those beside the demo are', () => {
    const named = ['deploy/Dockerfile', 'deploy/compose.yaml'].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:FROM| +image:) ([^\s$]+)/gm)].map(([, image]) => image),
    );
    expect(named).toHaveLength(3);
    expect(
      named.filter((image) => !/:v?\d+\.\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/.test(image ?? '')),
    ).toEqual([]);
  });
});
