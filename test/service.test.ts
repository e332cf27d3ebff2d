import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { readConfig } from '../src/settings/config.ts';
import { openLinks } from '../src/links/links.ts';
import { openLog } from '../src/telemetry/log.ts';
import { linkable } from '../src/providers/registry.ts';
import { startService } from '../src/service.ts';
import { spansInMemory } from './support/leak-hunt.ts';

it('closes what it was given when it cannot have its port', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as { port: number };
  const config = readConfig({
    BIRD_BASE_URL: 'http://127.0.0.1',
    PORT: String(port),
    LINKS_URL: 'sqlite::memory:',
  });
  const log = openLog({ level: 'silent' });
  const links = await openLinks({ ...config.links, linkable, log });
  const closed: string[] = [];
  const starting = startService({
    config,
    log,
    links: { ...links, close: () => links.close().then(() => void closed.push('links')) },
    tracing: { ...spansInMemory().tracing, stop: async () => void closed.push('tracing') },
  });
  await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(closed).toEqual(['links', 'tracing']);
  other.close();
});
