#!/usr/bin/env bash
# undici 8.12.4: an answer that begins with a `100 Continue` for which the request did not ask fails, in `request`, in
# `dispatch` and in its `fetch`, with "bad response"; the request may have been carried out. Other interim answers (102,
# 103) are passed over. RFC 9110, section 15.2: a client MUST be able to parse one or more 1xx responses received prior to
# a final response, even if the client does not expect one. Node's own `http` client reads the final answer.
#
# Seen:
#   100: undici SocketError bad response, node:http 200 ok
#   102: undici 200 ok, node:http 200 ok
#   103: undici 200 ok, node:http 200 ok
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
import { createServer } from 'node:net';
import { request } from 'undici';

for (const interim of ['100 Continue', '102 Processing', '103 Early Hints']) {
  const answer = `HTTP/1.1 ${interim}\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`;
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write(answer)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const ofUndici = await request(url).then(
    async ({ statusCode, body }) => `${statusCode} ${await body.text()}`,
    ({ name, message }) => `${name} ${message}`,
  );
  const ofNode = await new Promise((resolve, reject) =>
    http
      .get(url, (response) => response.on('data', (data) => resolve(`${response.statusCode} ${data}`)))
      .on('error', reject),
  );
  console.log(`${interim.slice(0, 3)}: undici ${ofUndici}, node:http ${ofNode}`);
}
process.exit();
END

seen=$("$node" ask.mjs)
echo "$seen"
[ "$seen" = '100: undici SocketError bad response, node:http 200 ok
102: undici 200 ok, node:http 200 ok
103: undici 200 ok, node:http 200 ok' ]
