import { describe, expect, test } from 'vitest';
import type { World } from './world.ts';

/** How long the servers of the example keep a connection that nobody uses. */
export function idleConnections(world: () => World): void {
  describe('idle connections', () => {
    test('are kept for 65 s at least by every server that says how long', async () => {
      for (const url of world().servers) {
        const { headers } = await fetch(new URL('/', url));
        const [, seconds = 'not said'] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
        // The gateways that are not written in JavaScript send no such header.
        if (seconds !== 'not said') expect.soft(Number(seconds), url).toBeGreaterThanOrEqual(65);
      }
    });
  });
}
