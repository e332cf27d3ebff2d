#!/usr/bin/env bash
# undici 8.12.4: an answer with `Keep-Alive: timeout=2` is taken to allow no second request: the margin of 2 s that is
# taken off the server's hint (`keepAliveTimeoutThreshold`) leaves nothing, and every request opens a connection. Node's own
# agent uses one connection for all of them. A hint of 5 is honoured by both.
#
# Seen, connections for three requests one after the other:
#   timeout=2: undici 3, node:http 1
#   timeout=5: undici 1, node:http 1
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund undici@8.12.4 "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node

cat >ask.mjs <<'END'
import http from 'node:http';
import { Agent, request } from 'undici';

async function connectionsOf(seconds, ask) {
  let connections = 0;
  const server = http.createServer((_, response) => response.setHeader('keep-alive', `timeout=${seconds}`).end('ok'));
  server.keepAliveTimeout = 60_000;
  server.on('connection', () => (connections += 1));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (let time = 0; time < 3; time++) {
    await ask(`http://127.0.0.1:${server.address().port}/`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return connections;
}

for (const seconds of [2, 5]) {
  const dispatcher = new Agent();
  const agent = new http.Agent({ keepAlive: true });
  const ofUndici = await connectionsOf(seconds, async (url) => (await request(url, { dispatcher })).body.text());
  const ofNode = await connectionsOf(
    seconds,
    (url) => new Promise((resolve) => http.get(url, { agent }, (response) => response.resume().on('end', resolve))),
  );
  console.log(`timeout=${seconds}: undici ${ofUndici}, node:http ${ofNode}`);
}
process.exit();
END

seen=$("$node" ask.mjs)
echo "$seen"
[ "$seen" = 'timeout=2: undici 3, node:http 1
timeout=5: undici 1, node:http 1' ]
