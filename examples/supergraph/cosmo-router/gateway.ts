import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gatewayProcess } from '../gateway-process.ts';
import type { SubgraphUrls } from '../supergraph.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What Cosmo's composer reads instead of a supergraph: `graph.yaml` with other addresses, and full paths. */
export function graphForCosmo({ users, projects }: SubgraphUrls): string {
  return readFileSync(here('graph.yaml'), 'utf8')
    .replace('http://127.0.0.1:4001/graphql', users)
    .replace('http://127.0.0.1:4002/graphql', projects)
    .replaceAll(/(?<=file: ).*/g, (file) => here(file));
}

/** Composes the execution config that the router reads. Rejects with what the composer finds wrong. */
export async function composeWithCosmo(graphFile: string, configFile: string): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [here('node_modules/wgc/dist/src/index.js'), 'router', 'compose', '-i', graphFile, '-o', configFile],
    // Neither tells anybody of this run, nor asks whether there is a newer one, without which it would not compose.
    { env: { ...process.env, COSMO_TELEMETRY_DISABLED: 'true', DISABLE_UPDATE_CHECK: 'true' } },
  );
}

/** Starts a Cosmo Router that is installed on this machine. */
export const startCosmoRouter = (command: string) =>
  gatewayProcess(async ({ supergraphFile, port }) => {
    const configFile = `${supergraphFile}.json`;
    await composeWithCosmo(supergraphFile, configFile);
    return {
      command,
      args: [],
      env: {
        CONFIG_PATH: here('config.yaml'),
        EXECUTION_CONFIG_FILE_PATH: configFile,
        LISTEN_ADDR: `127.0.0.1:${port}`,
        PROMETHEUS_ENABLED: 'false',
        COSMO_TELEMETRY_DISABLED: 'true',
      },
    };
  });
