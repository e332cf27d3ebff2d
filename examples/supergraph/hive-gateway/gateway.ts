import { fileURLToPath } from 'node:url';
import { gatewayProcess } from '../gateway-process.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts Hive Gateway, which has to be installed in this folder, with more of an environment, if there is some. */
export const hiveGateway = (env: Record<string, string> = {}) =>
  gatewayProcess(({ supergraphFile, port }) => ({
    command: process.execPath,
    args: [
      here('node_modules/@graphql-hive/gateway/dist/bin.js'),
      'supergraph',
      '--config-path',
      here('gateway.config.js'),
      '--port',
      String(port),
    ],
    env: { SUPERGRAPH: supergraphFile, ...env },
  }));
