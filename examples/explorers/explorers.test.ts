import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userPresets } from '../../src/explorer/presets.ts';
import { startSubgraph, type Subgraph } from '../../test/support/subgraph.ts';
import { startApolloGateway } from '../supergraph/apollo-gateway/gateway.ts';
import { startSupergraph, type Supergraph } from '../supergraph/start.ts';
import { openBrowser, openPage } from './browser.ts';

/** What a person who looks at the pages sees; not committed. */
const screenshots = new URL('screenshots/', import.meta.url).pathname;

let browser: Browser;
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe('the offline explorer', () => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph({ EXPLORER: 'altair' });
  });
  afterAll(() => subgraph?.stop());

  test('has every ready operation in a tab, runs one as Ada, and asks nobody outside', async () => {
    const { page, external, complaints } = await openPage(browser, subgraph.url);
    for (const { name } of await userPresets()) await tab(page, name).waitFor();
    await send(page);
    await page.getByText('"Ada Lovelace"').waitFor();
    await page.getByText('"Analytical Engines"').waitFor();
    await page.screenshot({ path: `${screenshots}altair.png` });
    expect(subgraph.bird.lines()).toContain('GET /me');
    expect(subgraph.bird.calls('GET', '/me')[0]?.headers.authorization).toBe('Bearer demo-ada');
    expect(external).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('shows the documentation of a field', async () => {
    const { page } = await openPage(browser, subgraph.url);
    await page.getByText('Reloaded doc successfully').waitFor();
    await page.getByText('Docs', { exact: true }).click();
    await page.locator('app-doc-viewer').getByText('Query', { exact: true }).click();
    await page.getByText('The person whose Bird login token was sent').waitFor();
    await page.screenshot({ path: `${screenshots}altair-docs.png` });
  });

  test('sends the variables that belong to an operation', async () => {
    const { page } = await openPage(browser, subgraph.url);
    await tab(page, 'Person').click();
    await send(page);
    await page.getByText('"Grace Hopper"').waitFor();
  });

  test('shows what is left when a provider is down, and whose fault it is', async () => {
    await subgraph.insighto.isDown();
    const { page } = await openPage(browser, subgraph.url);
    await send(page);
    await page.getByText('"PROVIDER_UNAVAILABLE"').waitFor();
    await page.getByText('"Ada Lovelace"').waitFor();
    await page.screenshot({ path: `${screenshots}altair-provider-down.png` });
  });
});

describe('the explorer of the supergraph', () => {
  let supergraph: Supergraph;
  beforeAll(async () => {
    supergraph = await startSupergraph({ startGateway: startApolloGateway });
  });
  afterAll(() => supergraph?.stop());

  test('runs a join over both subgraphs', async () => {
    const { page, external, complaints } = await openPage(browser, supergraph.url);
    await tab(page, 'ProjectMembers').waitFor();
    await send(page);
    await page.getByText('"Compiler"').first().waitFor();
    await page.getByText('"Kernel Works"').first().waitFor();
    await page.screenshot({ path: `${screenshots}altair-supergraph.png` });
    expect(external).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('the Sandbox page', () => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph({ EXPLORER: 'sandbox' });
  });
  afterAll(() => subgraph?.stop());

  test('says in a browser without the internet what to do instead, and that works', async () => {
    const { page, external, complaints } = await openPage(browser, subgraph.url);
    await page.getByText('EXPLORER=altair').waitFor();
    await page.getByRole('link', { name: 'Person' }).click();
    const command = await page.locator('#command').innerText();
    await page.screenshot({ path: `${screenshots}sandbox-offline.png` });
    const { stdout } = await promisify(execFile)('sh', ['-c', command]);
    expect(JSON.parse(stdout)).toMatchObject({ data: { user: { name: 'Grace Hopper' } } });
    expect(complaints).toEqual([]);
    expect(new Set(external.map((url) => new URL(url).pathname))).toEqual(
      new Set(['/v2/embeddable-sandbox.umd.production.min.js']),
    );
  });

  test('gives Sandbox the operation that was chosen, its variables and who runs it', async () => {
    // Sandbox itself is only to be had from the internet: what stands in for it writes down what it is told.
    const page = await browser.newPage();
    await page.route('**/embeddable-sandbox.*.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'window.EmbeddedSandbox = class { constructor(options) { window.told = options } }',
      }),
    );
    await page.goto(`${subgraph.url}/?UpdateMe`);
    expect(await page.evaluate('window.told')).toMatchObject({
      target: '#sandbox',
      initialEndpoint: `${subgraph.url}/graphql`,
      initialState: {
        document: expect.stringContaining('mutation UpdateMe($input: UpdateMeInput!)'),
        variables: { input: { timezone: 'Europe/London' } },
        headers: { authorization: 'Bearer demo-ada' },
        includeCookies: false,
      },
    });
  });
});

function tab(page: Page, name: string) {
  return page.getByText(name, { exact: true }).first();
}

async function send(page: Page): Promise<void> {
  await page.getByText('Send Request').click();
}
