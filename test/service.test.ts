import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openLinks } from '../src/links/links.ts';
import { openLog } from '../src/log.ts';
import { linkable } from '../src/providers/index.ts';
import { startService } from '../src/service.ts';

it('is stopped once, however often it is asked for', async () => {
  const config = readConfig({ PORT: '0', LINKS_URL: 'sqlite::memory:', BIRD_BASE_URL: 'http://127.0.0.1:9' });
  const log = openLog({ level: 'silent' });
  const links = await openLinks({ ...config.links, linkable, log });
  const service = await startService({ config, log, links });
  await service.stop();
  await service.stop();
  await expect(fetch(`${service.url}/livez`)).rejects.toThrow('fetch failed');
});
