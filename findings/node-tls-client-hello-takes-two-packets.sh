#!/usr/bin/env bash
# Node 24.21.0 (OpenSSL 3.5): the first message of a TLS connection has a key share for X25519MLKEM768, the post-quantum
# key exchange, by default, and is longer than one packet of Ethernet.
#
# Why it matters: servers and balancers that take the first message for one packet reset such a connection or wait for the
# rest for ever, and it looks like a network in trouble (a public report, tdlib/telegram-bot-api#896, counted 21 resets of 125
# connections with the group and none of 125 without). To update from Node 22, whose OpenSSL 3.0 does not know it, is enough.
# Node has no command line option for the groups; OpenSSL's own configuration has one, which Node reads.
#
# Seen, bytes of the message and the groups in its key share:
#   by default                                1593, X25519MLKEM768 and x25519
#   { ecdhCurve: 'X25519:prime256v1' }         361, x25519
#   OPENSSL_CONF with Groups = X25519:P-256    361, x25519
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node
unset NODE_OPTIONS OPENSSL_CONF

cat >hello.mjs <<'END'
import { createServer } from 'node:net';
import { connect } from 'node:tls';

const NAMES = { 0x11ec: 'X25519MLKEM768', 0x001d: 'x25519', 0x0017: 'secp256r1' };

/** The groups for which a client hello has a key (RFC 8446, 4.1.2 and 4.2.8). */
function keyShares(hello) {
  let at = 9 + 2 + 32;
  at += 1 + hello[at];
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello[at];
  const end = at + 2 + hello.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) !== 51) continue;
    const groups = [];
    const last = at + 4 + hello.readUInt16BE(at + 2);
    for (let entry = at + 6; entry < last; entry += 4 + hello.readUInt16BE(entry + 2))
      groups.push(NAMES[hello.readUInt16BE(entry)]);
    return groups;
  }
}

const server = createServer((socket) => {
  let hello = Buffer.alloc(0);
  socket.on('error', () => {}).on('data', (bytes) => {
    hello = Buffer.concat([hello, bytes]);
    if (hello.length < 5 || hello.length < 5 + hello.readUInt16BE(3)) return;
    console.log(hello.length, keyShares(hello).join(' '));
    process.exit();
  });
}).listen(0, '127.0.0.1', () => {
  const options = process.argv[2] ? { ecdhCurve: process.argv[2] } : {};
  const { port } = server.address();
  connect({ port, host: '127.0.0.1', servername: 'provider.example', ...options }).on('error', () => {});
});
END
cat >openssl.cnf <<'END'
nodejs_conf = node

[node]
ssl_conf = ssl

[ssl]
system_default = defaults

[defaults]
Groups = X25519:P-256
END

read -r length groups < <("$node" hello.mjs)
read -r narrowed narrowed_groups < <("$node" hello.mjs X25519:prime256v1)
read -r configured configured_groups < <(OPENSSL_CONF=$folder/openssl.cnf "$node" hello.mjs)
echo "by default: $length, $groups"
echo "ecdhCurve: $narrowed, $narrowed_groups"
echo "OPENSSL_CONF: $configured, $configured_groups"
[ "$length" -gt 1460 ] && [ "$groups" = 'X25519MLKEM768 x25519' ]
[ "$narrowed" -lt 600 ] && [ "$narrowed_groups" = x25519 ]
[ "$configured" = "$narrowed" ] && [ "$configured_groups" = x25519 ]
