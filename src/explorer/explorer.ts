import type { Config } from '../settings/config.ts';
import type { Explorer } from './page.ts';
import { type Preset, userPresets } from './presets.ts';

/**
 * The page at `/` that GraphQL is explored with; `presets` are the operations that it has ready, this subgraph's own if
 * none are given. Rejects when what it needs is not installed.
 */
export async function openExplorer(
  explorer: Config['explorer'],
  presets?: readonly Preset[],
): Promise<Explorer> {
  switch (explorer) {
    case 'sandbox':
      return (await import('./sandbox.ts')).openSandbox(presets ?? (await userPresets()));
    case 'altair':
      return (await import('./altair.ts')).openAltair(presets ?? (await userPresets()));
    case 'off':
      return async () => undefined;
  }
}
