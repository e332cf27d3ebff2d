#!/usr/bin/env bash
# Node 24.21.0: NODE_EXTRA_CA_CERTS in a file that is read with --env-file is set, and has no effect. Nothing says so,
# not even when the file of certificates that it names does not exist, for which Node warns otherwise.
#
# Seen:
#   in the environment: 1 extra certificate
#   in --env-file:      0 extra certificates, process.env has the variable
#   in --env-file, with a file that is not there: no warning
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
# What the package `node` installs for its platform.
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS

"$node" -e 'console.log(require("node:tls").rootCertificates[0])' >authority.pem
echo "NODE_EXTRA_CA_CERTS=$folder/authority.pem" >there.env
echo "NODE_EXTRA_CA_CERTS=$folder/nowhere.pem" >nowhere.env
count='console.log(require("node:tls").getCACertificates("extra").length, "NODE_EXTRA_CA_CERTS" in process.env)'

environment=$(NODE_EXTRA_CA_CERTS=$folder/authority.pem "$node" -e "$count")
file=$("$node" --env-file=there.env -e "$count")
warnings=$("$node" --env-file=nowhere.env -e "$count" 2>&1 >/dev/null)
echo "in the environment: $environment"
echo "in --env-file: $file"
echo "warnings about a file that is not there: '$warnings'"
[ "$environment" = '1 true' ] && [ "$file" = '0 true' ] && [ -z "$warnings" ]
