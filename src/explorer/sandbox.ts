import type { Explorer } from './page.ts';
import type { Preset } from './presets.ts';

/**
 * Apollo Sandbox, embedded: its requests come from this page and so from this origin, and need no CORS. Its program
 * comes from Apollo's CDN; where that cannot be reached, the text says what to do instead.
 */
export function openSandbox(presets: readonly Preset[]): Explorer {
  const body = page(presets);
  return async (path) => (path === '/' ? { type: 'text/html; charset=utf-8', body } : undefined);
}

const page = (presets: readonly Preset[]) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>User subgraph</title>
<style>
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1f; background: #fff }
  nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .5rem 1rem; color: #fff; background: #1b2240 }
  nav a { color: #cfd6ff; text-decoration: none }
  nav a[aria-current] { color: #fff; text-decoration: underline }
  main { padding: 1rem 2rem; max-width: 60rem }
  pre { padding: 1rem; background: #f2f2f5; white-space: pre-wrap; overflow-wrap: anywhere }
  #sandbox { position: absolute; inset: 2.5rem 0 0 }
  #sandbox:empty { display: none }
  #sandbox iframe { width: 100%; height: 100%; border: 0; background: #fff }
</style>
<nav aria-label="Ready operations"></nav>
<main>
  <h1>User subgraph</h1>
  <p>Apollo Sandbox should be here. Its program comes from the internet, and this browser did not get it.
  To explore without the internet, start the server with <code>EXPLORER=altair</code>. Or ask from a terminal:</p>
  <pre id="command"></pre>
</main>
<div id="sandbox"></div>
<script>
  const presets = ${json(presets)};
  const preset = presets.find(({ name }) => name === location.search.slice(1)) ?? presets[0];
  const endpoint = new URL('/graphql', location.href).href;
  for (const { name } of presets) {
    const link = Object.assign(document.createElement('a'), { href: '?' + name, textContent: name });
    if (name === preset.name) link.setAttribute('aria-current', 'page');
    document.querySelector('nav').append(link);
  }
  const body = { query: preset.document.replace(/\\s+/g, ' ').trim(), variables: preset.variables };
  document.getElementById('command').textContent = 'curl ' + endpoint + " -H 'content-type: application/json'" +
    " -H 'authorization: " + preset.headers.authorization + "' \\\\\\n  -d '" + JSON.stringify(body) + "'";
</script>
<script src="https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js"></script>
<script>
  if (window.EmbeddedSandbox)
    new EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: endpoint,
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: {
        document: preset.document,
        variables: preset.variables,
        headers: preset.headers,
        sharedHeaders: preset.headers,
        includeCookies: false,
      },
    });
</script>
</html>
`;

/** JSON that can stand in a script: no text in it ends the script. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
