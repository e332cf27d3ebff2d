import { fileURLToPath } from 'node:url';
import { gatewayProcess } from '../gateway-process.ts';

const config = fileURLToPath(new URL('router.config.yaml', import.meta.url));

/** Starts a Hive Router that is installed on this machine. */
export const startHiveRouter = (command: string) =>
  gatewayProcess(({ supergraphFile, port }) => ({
    command,
    args: [],
    env: { ROUTER_CONFIG_FILE_PATH: config, SUPERGRAPH_FILE_PATH: supergraphFile, PORT: String(port) },
  }));
