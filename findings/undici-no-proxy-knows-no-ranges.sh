#!/usr/bin/env bash
# undici 8.12.4, EnvHttpProxyAgent: a range of addresses in NO_PROXY (`127.0.0.0/8`), as companies write it for curl and Go, is
# taken for a name: requests to an address within it go to the proxy. The address itself is honoured.
#
# Seen, where a request to 127.0.0.1 arrives:
#   NO_PROXY=127.0.0.1: server
#   NO_PROXY=127.0.0.0/8: proxy
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund undici@8.12.4 "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node

cat >ask.mjs <<'END'
import { createServer } from 'node:http';
import { EnvHttpProxyAgent, request } from 'undici';

const listening = (answer) =>
  new Promise((resolve) => {
    const server = createServer((_, response) => response.end(answer));
    // A proxy is asked to CONNECT, or for the whole address.
    server.on('connect', (_, socket) => socket.end('HTTP/1.1 502 proxy\r\n\r\n'));
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/`));
  });
const server = await listening('server');
const proxy = await listening('proxy');
for (const noProxy of ['127.0.0.1', '127.0.0.0/8']) {
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy, noProxy });
  const arrived = await request(server, { dispatcher }).then(
    ({ body }) => body.text(),
    () => 'proxy',
  );
  console.log(`NO_PROXY=${noProxy}: ${arrived}`);
}
process.exit();
END

seen=$("$node" ask.mjs)
echo "$seen"
[ "$seen" = 'NO_PROXY=127.0.0.1: server
NO_PROXY=127.0.0.0/8: proxy' ]
