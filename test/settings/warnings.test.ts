import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { settingNames } from '../../src/settings/config.ts';
import { settingsWarnings } from '../../src/settings/warnings.ts';

const directory = mkdtempSync(join(tmpdir(), 'warnings-'));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ['LINKS_POOL_SIZE', 'LINKS_POOL'],
  ['HTTPS_PROXI', 'HTTPS_PROXY'],
  ['NOPROXY', 'NO_PROXY'],
  ['EJENTO_TIMOUT_MS', 'EJENTO_TIMEOUT_MS'],
  ['BRID_ACCESS_KEY', 'BIRD_ACCESS_KEY'],
  ['ROUTER_SECRETS', 'ROUTER_SECRET'],
  ['LINK_URL', 'LINKS_URL'],
  ['OPERATORSCOPE', 'OPERATOR_SCOPE'],
  ['max_in_flight', 'MAX_IN_FLIGHT'],
  ['ROUTER_SECRET_FIEL', 'ROUTER_SECRET_FILE'],
  ['OPERATION_TIMEOUT', 'OPERATION_TIMEOUT_MS'],
  ['IDENTITY_CACHE', 'IDENTITY_CACHE_SECONDS'],
  ['BIRD_TIMEOUT', 'BIRD_TIMEOUT_MS'],
  ['links_encryption', 'LINKS_ENCRYPTION_KEY'],
])('%s is told with the name that is meant, and without its value', (name, meant) => {
  const warnings = settingsWarnings({ [name]: 'hunter2' }, []);
  expect(warnings).toEqual([`${name} is no setting and has no effect: is ${meant} meant?`]);
});

test("what begins like a provider's and is near to none is told as well", () => {
  expect(settingsWarnings({ EJENTO_TOKEN: 'hunter2' }, [])).toEqual([
    'EJENTO_TOKEN is no setting and has no effect: the README names those there are.',
  ]);
});

test('what is a setting, or meant for somebody else, is not told', () => {
  const others = [
    'PATH',
    'HOSTNAME',
    'POST',
    'SORT',
    'HOME',
    'TOTAL',
    'NODE_OPTIONS',
    'NODE',
    'MAX',
    'HTTPS',
    'HTTPS_PROXY',
    'no_proxy',
  ];
  const ofKubernetes = [
    'ATOMS_SERVICE_HOST',
    'ATOMS_SERVICE_PORT_HTTP',
    'ATOMS_PORT',
    'ATOMS_PORT_80_TCP_ADDR',
  ];
  const openTelemetry = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_EXPORTER', 'OTEL_SERVICE_NAME'];
  const names = [...settingNames, ...others, ...ofKubernetes, ...openTelemetry];
  expect(settingsWarnings(Object.fromEntries(names.map((name) => [name, 'x'])), [])).toEqual([]);
});

test.skipIf(process.platform === 'win32')('a file of settings that others may read is told', () => {
  const file = join(directory, '.env');
  writeFileSync(file, 'ROUTER_SECRET=hunter2');
  const warningsAt = (mode: number) => {
    chmodSync(file, mode);
    return settingsWarnings({}, ['--disallow-code-generation-from-strings', `--env-file-if-exists=${file}`]);
  };
  expect(warningsAt(0o644)).toEqual([`${file} holds secrets and others may read it: chmod 600 ${file}`]);
  expect(warningsAt(0o640)).toHaveLength(1);
  expect(warningsAt(0o600)).toEqual([]);
  expect(settingsWarnings({}, [`--env-file=${file}-that-is-not-there`])).toEqual([]);
});

test('authorities that are named in the file are told, since Node does not look for them there', () => {
  const file = join(directory, 'with-authorities');
  writeFileSync(file, 'PORT=4001\nNODE_EXTRA_CA_CERTS=/etc/ssl/company.pem\n');
  chmodSync(file, 0o600);
  expect(settingsWarnings({}, [`--env-file=${file}`])).toEqual([
    `NODE_EXTRA_CA_CERTS has no effect in ${file}: Node looks for it before it reads the file`,
  ]);
});
