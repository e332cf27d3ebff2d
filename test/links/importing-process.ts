import { setTimeout as sleep } from 'node:timers/promises';
import { openLinks } from '../../src/links/links.ts';
import { keyA, linkable, ndjson, user } from './fixtures.ts';

// Imports accounts 147 and up for users from `first` on, and ends, or keeps the right to import until it is killed.
const [url = '', first = '', count = '', mode] = process.argv.slice(2);
const links = await openLinks({ url, keys: [keyA], linkable, log: console });

async function* lines() {
  for (let n = Number(first); n < Number(first) + Number(count); n += 1) {
    yield ndjson({ userId: user(n), provider: 'numbers', externalId: `${147 + n}` });
  }
  if (mode === 'hang') await sleep(1_000_000);
}

const report = await links.import(lines(), { onProgress: () => console.log('a batch is stored') });
await links.close();
process.exitCode = report.added === Number(count) ? 0 : 1;
