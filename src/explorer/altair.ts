import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Explorer } from './page.ts';
import type { Preset } from './presets.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const base = '/altair/';

/** Altair, with every file served from here: it needs no internet. */
export async function openAltair(presets: readonly Preset[]): Promise<Explorer> {
  const { getDistDirectory, renderAltair } = await import('altair-static').catch(() => {
    throw new Error(
      'EXPLORER=altair needs the package altair-static: npm install altair-static, or EXPLORER=off.',
    );
  });
  const directory = getDistDirectory();
  // A path is looked up among the files that are there; none is ever made of what a client sent.
  const files = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(base + relative(directory, file).split(sep).join('/'), file);
  }
  const page = renderAltair({
    baseURL: base,
    endpointURL: '/graphql',
    // The last window is the one in front.
    initialWindows: presets.toReversed().map(({ name, document, variables, headers }) => ({
      initialName: name,
      initialQuery: document,
      initialVariables: JSON.stringify(variables, null, 2),
      initialHeaders: headers,
    })),
    disableAccount: true,
    initialSettings: {
      'alert.disableUpdateNotification': true,
      'banners.disable': true,
      // Otherwise the documentation is empty until somebody asks for it.
      'schema.reloadOnStart': true,
    },
  });

  return async (path) => {
    if (path === '/') return { type: 'text/html; charset=utf-8', body: page };
    const file = files.get(path);
    return file === undefined
      ? undefined
      : { type: types[extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
  };
}
