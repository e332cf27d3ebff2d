import { fileURLToPath } from 'node:url';
import { gatewayProcess } from '../gateway-process.ts';

const config = fileURLToPath(new URL('router.yaml', import.meta.url));

/** Starts an Apollo Router that is installed on this machine. */
export const startApolloRouter = (command: string) =>
  gatewayProcess(({ supergraphFile, port }) => ({
    command,
    args: ['--config', config, '--supergraph', supergraphFile, '--listen', `127.0.0.1:${port}`],
    env: { HEALTH_PORT: '0', APOLLO_TELEMETRY_DISABLED: 'true' },
  }));
