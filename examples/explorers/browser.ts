import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';

/** The browser comes from a package, so that nothing is downloaded; what runs as root cannot have its sandbox. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args });
}

/** A page of a browser without the internet, which keeps what was asked of it and what scripts complained of. */
export async function openPage(
  browser: Browser,
  url: string,
): Promise<{ page: Page; external: string[]; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const external: string[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => {
      external.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(url);
  return { page, external, complaints };
}
