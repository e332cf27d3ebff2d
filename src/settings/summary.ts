import type { Config } from './config.ts';
import { providerNames } from '../providers/registry.ts';

/** What an operator looks for first when something is missing: for the line that tells that the service is up. */
export function settingsSummary({
  providers: { upstreams },
  routerSecrets,
  metricsSecrets,
  production,
  ...config
}: Config) {
  const isOn = (name: (typeof providerNames)[number]) => upstreams[name] !== null;
  const behindRouter =
    routerSecrets.length > 0 ? 'whoever has ROUTER_SECRET' : `whoever reaches ${config.host}`;
  const metrics = production ? 'nobody: METRICS_SECRET is not set' : `whoever reaches ${config.host}`;
  return {
    production,
    providersOn: providerNames.filter(isOn),
    providersOff: providerNames.filter((name) => !isOn(name)),
    secretsEncrypted: config.links.keys.length > 0,
    graphqlFor: behindRouter,
    explorer: config.explorer,
    explorerFor: config.explorer === 'off' ? 'nobody' : behindRouter,
    metricsFor: metricsSecrets.length > 0 ? 'whoever has METRICS_SECRET' : metrics,
    operatorScope: config.operatorScope,
  };
}
