import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { openFrontDoor } from '../server/front-door.ts';

test('Apollo Sandbox starts with an operation and a person, and has a text for a browser that is offline', async () => {
  const page = await (await openFrontDoor({ explorer: 'sandbox' })).fetch('/');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await page.text();
  expect(html).toContain('embeddable-sandbox.umd.production.min.js');
  expect(html).toContain('Bearer demo-ada');
  expect(html).toContain('EXPLORER=altair');
});

describe('Altair', () => {
  test('comes from here with all that it needs', async () => {
    const door = await openFrontDoor({ explorer: 'altair' });
    const html = await (await door.fetch('/')).text();
    expect(html).toContain('Bearer demo-ada');
    expect(html).not.toMatch(/(src|href)="?(https?:)?\/\//);
    const files = [...html.matchAll(/(?:src|href)="([\w./-]+\.(?:js|css|ico))"/g)].map(([, path]) => path);
    expect(files).toContain('main.js');
    for (const file of files) expect((await door.fetch(`/altair/${file}`)).status, file).toBe(200);
    expect((await door.fetch('/altair/main.js')).headers.get('content-type')).toBe('text/javascript');
  });

  test.each([
    '/altair/../package.json',
    '/altair/..%2fpackage.json',
    '/altair/%2e%2e/package.json',
    '/altair/',
    '/altair/assets',
  ])('gives away no other file: %s', async (path) => {
    const door = await openFrontDoor({ explorer: 'altair' });
    const socket = await door.dial();
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(socket, 'data');
    expect(socket.received()).toMatch(/^HTTP\/1.1 404 /);
  });
});

test('switched off, there is nothing', async () => {
  expect((await (await openFrontDoor({ explorer: 'off' })).fetch('/')).status).toBe(404);
});
