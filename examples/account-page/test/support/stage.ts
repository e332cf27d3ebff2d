import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { preview } from 'vite';
import { startApolloGateway } from '../../../supergraph/apollo-gateway/gateway.ts';
import { startSupergraph, type SupergraphSettings } from '../../../supergraph/start.ts';
import { openLog } from '../../../../src/telemetry/log.ts';
import { openBrowser } from './browser.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** How somebody looks at the page. */
export interface Visit {
  /** The login token to sign in with; without one, the page is as a newcomer finds it. */
  as?: string;
  width?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
}

/** What a page sent to the gateway. */
interface SentOperation {
  operationName: string;
  query?: string;
  variables: Record<string, unknown>;
  extensions?: { persistedQuery: { sha256Hash: string } };
}

/**
 * The page as it was built, in a browser, in front of a gateway, two subgraphs and four simulated providers: all of it
 * real, all of it on this machine. A provider that failed too often is asked again after a second.
 */
export async function openStage(settings: Partial<SupergraphSettings> = {}) {
  const supergraph = await startSupergraph({
    startGateway: startApolloGateway,
    log: openLog({ level: 'fatal' }),
    settings: {
      BIRD_TIMEOUT_MS: '1000',
      INSIGHTO_TIMEOUT_MS: '1000',
      ATOMS_TIMEOUT_MS: '1000',
    },
    ...settings,
  });
  process.env['GATEWAY_URL'] = `${supergraph.url}/graphql`;
  const root = join(import.meta.dirname, '../..');
  const server = await preview({ root, preview: { host: '127.0.0.1', port: 0 }, logLevel: 'warn' });
  const browser = await openBrowser();
  const url = server.resolvedUrls?.local[0] ?? '';

  async function visit({ as, width = 1200, ...media }: Visit = {}) {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      locale: 'en-GB',
      timezoneId: 'UTC',
      ...media,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const crashes: Error[] = [];
    const sent: SentOperation[] = [];
    page.on('pageerror', (error) => crashes.push(error));
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/graphql') sent.push(request.postDataJSON());
    });
    await page.goto(url);
    if (as !== undefined) await signIn(page, as);
    return { page, sent, crashes };
  }

  return {
    ...supergraph,
    url,
    visit,
    /** Windows closed, providers as they were, and the subgraph convinced that none of them is in trouble. */
    async clear() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await supergraph.reset();
      while (!(await isWell(`${supergraph.url}/graphql`))) await setTimeout(100);
    },
    async close() {
      await browser.close();
      await server.close();
      await supergraph.stop();
    },
  };
}

/** Whether every provider answers. The subgraph leaves one alone for a while that has failed too often. */
async function isWell(gateway: string): Promise<boolean> {
  const query = '{ me { name organization { id } billing { stripeStatus } atomsAccount { id } } }';
  const headers = { 'content-type': 'application/json', authorization: 'Bearer demo-ada' };
  const response = await fetch(gateway, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return !('errors' in ((await response.json()) as object));
}

/** Types a login token into the sign-in page. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Bird login token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Holds an operation's request back, until it is let go and answered. */
export async function hold(page: Page, operationName: string) {
  const { promise: letGo, resolve } = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === operationName) await letGo;
    await route.continue();
  });
  return {
    async isLetGo(): Promise<void> {
      const answer = page.waitForResponse(
        (response) => response.request().postDataJSON()?.operationName === operationName,
      );
      resolve();
      await answer;
    },
  };
}

/** A titled part of the page. */
export function section(page: Page, title: string) {
  return page.getByRole('region', { name: title });
}
