import { first, type Explorer } from './explorer.ts';

/**
 * Apollo Sandbox, embedded: its requests come from this page and so from this origin, and need no CORS. Its program
 * comes from Apollo's CDN; where that cannot be reached, the text says what to do instead.
 */
export const sandbox: Explorer = async (path) =>
  path === '/' ? { type: 'text/html; charset=utf-8', body: page } : undefined;

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>User subgraph</title>
<style>
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif }
  #text { padding: 2rem; max-width: 60rem }
  #text pre { padding: 1rem; overflow: auto; background: #f2f2f5 }
  #sandbox { position: absolute; inset: 0 }
  #sandbox:empty { display: none }
  #sandbox iframe { width: 100%; height: 100%; border: 0; background: #fff }
</style>
<div id="text">
  <h1>User subgraph</h1>
  <p>Apollo Sandbox should be here. Its program comes from the internet, and this browser did not get it.
  To explore without the internet, start the server with <code>EXPLORER=altair</code>. Or ask from a terminal:</p>
  <pre id="command"></pre>
</div>
<div id="sandbox"></div>
<script>
  const first = ${JSON.stringify(first)};
  const endpoint = new URL('/graphql', location.href).href;
  document.getElementById('command').textContent = 'curl ' + endpoint + " -H 'content-type: application/json'" +
    " -H 'authorization: " + first.headers.authorization + "' \\\\\\n  -d '" +
    JSON.stringify({ query: first.document.replace(/\\s+/g, ' ') }) + "'";
</script>
<script src="https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js"></script>
<script>
  if (window.EmbeddedSandbox)
    new EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: endpoint,
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: { ...first, sharedHeaders: first.headers, includeCookies: false },
    });
</script>
</html>
`;
