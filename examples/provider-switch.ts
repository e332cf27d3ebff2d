import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type ProviderName, providerNames } from '../src/providers/registry.ts';
import type { Simulators } from '../test/simulators/index.ts';

/** What to type, for the text that a demo prints. */
export const switchHint = `Type a provider's name (${providerNames.join(', ')}) to take it down, again to bring it back. Ctrl-C ends.`;

/** Takes simulated providers down and brings them back, as they are named in a terminal, in any case. */
export function switchProviders(
  simulators: Pick<Simulators, ProviderName>,
  { input = process.stdin, output = process.stdout }: { input?: Readable; output?: Writable } = {},
): void {
  const down = new Set<ProviderName>();
  const say = (text: string) => output.write(`${text}\n`);

  createInterface({ input }).on('line', async (line) => {
    const word = line.trim().toLowerCase();
    if (word === '') return;
    const name = providerNames.find((provider) => provider === word);
    if (name === undefined) {
      say(`There is no provider “${line.trim().slice(0, 40)}”: ${providerNames.join(', ')}.`);
    } else if (down.delete(name)) {
      await simulators[name].isUp();
      say(`${name} is up. It may be asked again within 2 s only: it is tried now and then after an outage.`);
    } else {
      down.add(name);
      await simulators[name].isDown();
      say(`${name} is down. Its fields are null now, each with an error; the rest is there.`);
    }
  });
}
