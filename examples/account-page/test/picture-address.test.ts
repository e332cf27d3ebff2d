import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pictureAddress } from '../src/ui/picture-address.ts';

test.each(['https://example.com/ada.png', 'https://cdn.example.com:8443/a?b=c'])('%s is shown', (url) => {
  expect(pictureAddress(url)).toBe(url);
});

test.each([
  null,
  '',
  'picture.png',
  'http://example.com/ada.png',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  'https://user:password@example.com/ada.png',
  'https://localhost/ada.png',
  'https://localhost./ada.png',
  'https://router/ada.png',
  'https://printer.local/ada.png',
  'https://wiki.internal/ada.png',
  'https://127.0.0.1/ada.png',
  'https://2130706433/ada.png',
  'https://10.0.0.1/ada.png',
  'https://192.168.1.1/logout',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/ada.png',
  'https://[fe80::1]/ada.png',
])('%s is not asked for', (url) => {
  expect(pictureAddress(url)).toBeNull();
});

test('the page that is built says what it may load', () => {
  const page = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
  expect(page).toMatch(
    /<head>\s*<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;self&#39;;/,
  );
});
