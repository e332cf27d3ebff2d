import type { Config } from '../config.ts';

/** What the explorer shows at first: an operation to run, and who runs it. */
const firstDocument = `query Me {
  me {
    id
    name
    status
    activeSessions
    organization { name }
    billing { subscriptionStatus isPaying }
    atomsAccount { email }
  }
}`;

/** A page or a file of the explorer. */
export interface Page {
  type: string;
  body: string | Buffer;
}

/** Finds what the explorer has at a path; nothing when there is to be no explorer. */
export async function openExplorer(
  explorer: Config['explorer'],
): Promise<(path: string) => Promise<Page | undefined>> {
  if (explorer === 'sandbox') return async (path) => (path === '/' ? sandbox : undefined);
  return async () => undefined;
}

/**
 * Apollo Sandbox, embedded: the page comes from here and so do its requests, so no CORS is needed. Its script
 * comes from Apollo's CDN; where that cannot be reached, the text says what to do instead.
 */
const sandbox: Page = {
  type: 'text/html; charset=utf-8',
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>User subgraph</title>
<style>
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif }
  #text { padding: 2rem; max-width: 60rem }
  #sandbox { position: absolute; inset: 0 }
  #sandbox iframe { width: 100%; height: 100%; border: 0; background: #fff }
</style>
<div id="text">
  <h1>User subgraph</h1>
  <p>Apollo Sandbox should appear here. Its program comes from the internet, and this browser did not get it.
  To explore without the internet, restart with <code>EXPLORER=altair</code>, or ask from a terminal:</p>
  <pre id="curl"></pre>
</div>
<div id="sandbox"></div>
<script>
  const endpoint = new URL('/graphql', location.href).href;
  const firstDocument = ${JSON.stringify(firstDocument)};
  const headers = { authorization: 'Bearer demo-ada' };
  document.getElementById('curl').textContent = 'curl ' + endpoint +
    " -H 'content-type: application/json' -H 'authorization: " + headers.authorization + "' -d '" +
    JSON.stringify({ query: firstDocument.replace(/\\s+/g, ' ') }) + "'";
</script>
<script src="https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js"></script>
<script>
  if (window.EmbeddedSandbox)
    new EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: endpoint,
      endpointIsEditable: false,
      includeCookies: false,
      runTelemetry: false,
      initialState: { document: firstDocument, sharedHeaders: headers, headers, includeCookies: false },
    });
</script>
</html>
`,
};
