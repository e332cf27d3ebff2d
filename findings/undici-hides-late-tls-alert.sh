#!/usr/bin/env bash
# undici 8.12.4, Node 24.21.0: a server that wants a client's certificate says so with TLS 1.3 in an alert that comes after
# the handshake counts as done. Node's own client tells of the alert; undici tells only that the other side closed
# (UND_ERR_SOCKET), as of any connection that breaks, because the end that follows takes the place of the error.
#
# Seen (needs openssl, whose own server is the one that is asked):
#   undici UND_ERR_SOCKET, node:https ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund undici@8.12.4 "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost -days 2 2>/dev/null

cat >ask.mjs <<'END'
import { spawn } from 'node:child_process';
import https from 'node:https';
import { Agent, request } from 'undici';

/** Starts a server that wants a certificate, and gives its port. */
async function demanding() {
  const args = ['s_server', '-accept', '127.0.0.1:0', '-key', 'key.pem', '-cert', 'cert.pem', '-Verify', '1', '-tls1_3'];
  const server = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let said = '';
  for await (const chunk of server.stdout) {
    const [, port] = /ACCEPT 127\.0\.0\.1:(\d+)/.exec((said += chunk)) ?? [];
    if (port) return { port, end: () => server.kill() };
  }
}

const { port, end } = await demanding();
const url = `https://127.0.0.1:${port}/`;
const dispatcher = new Agent({ connect: { rejectUnauthorized: false, allowH2: false } });
const ofUndici = await request(url, { dispatcher }).then(() => 'an answer', ({ code }) => code);
const ofNode = await new Promise((resolve) =>
  https.get(url, { rejectUnauthorized: false }, () => resolve('an answer')).on('error', ({ code }) => resolve(code)),
);
console.log(`undici ${ofUndici}, node:https ${ofNode}`);
end();
process.exit();
END

seen=$("$node" ask.mjs)
echo "$seen"
[ "$seen" = 'undici UND_ERR_SOCKET, node:https ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' ]
