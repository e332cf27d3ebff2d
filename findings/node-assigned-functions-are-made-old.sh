#!/usr/bin/env bash
# Node 24.21.0 (V8 13.6): a function that is assigned to a property in the place where it is written (`o.f = () => x`) is
# made in the old generation, until TurboFan has compiled the function around it. The same function passed as an
# argument, written in an object literal or a class field, or put into a variable first (`const f = () => x; o.f = f`) is
# made in the young one.
#
# Why it matters: V8's parser takes such an assignment for a method that is set up once ("so it can be added as a constant
# function property"). A server that hangs a callback on an object for each request makes one each time. A young
# collection never frees what is old, and keeps all that it reaches: a request that nobody holds any more is copied, moved
# to the old generation with everything in it, and stays there until a full collection.
#
# Seen:
#   old:   o.f = () => x (also when Maglev has compiled the function around it), o.f = async () => x,
#          o.f = function () {…}, o.f ??= () => x, o[k] = () => x, this.#f = () => x
#   young: o.f = () => x (when TurboFan has), o.f = x ? () => x : undefined, const f = () => x; o.f = f,
#          o.f = same(() => x), call(() => x), { f: () => x }, class { f = () => x }
#   2,000 objects dropped at once, 1 KB behind the function of each, a young collection after each 100 of them:
#     o.f = () => x               2230 KB more in the old generation, 3 KB after a full collection
#     const f = () => x; o.f = f     5 KB more in the old generation, 3 KB after a full collection
#   (TurboFan compiles so small a loop after some 4,000 objects, and the growth ends there.)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
platform=$(node -p '`node-${process.platform}-${process.arch}`')
npm install --silent --no-audit --no-fund "$platform@24.21.0" >/dev/null
node=$folder/node_modules/$platform/bin/node
unset NODE_OPTIONS

cat >forms.cjs <<'END'
const assign = (x) => { const o = {}; o.f = () => x; return o.f; };
const again = (x) => { const o = {}; o.f = () => x; return o.f; };
const same = (f) => f;
const forms = {
  'o.f = () => x': assign,
  'o.f = async () => x': (x) => { const o = {}; o.f = async () => x; return o.f; },
  'o.f = function () {…}': (x) => { const o = {}; o.f = function () { return x; }; return o.f; },
  'o.f ??= () => x': (x) => { const o = {}; o.f ??= () => x; return o.f; },
  'o[k] = () => x': (x, k = 'f') => { const o = {}; o[k] = () => x; return o[k]; },
  'this.#f = () => x': (x) => new (class { #f; constructor() { this.#f = () => x; } get f() { return this.#f; } })().f,
  'o.f = () => x, by Maglev': again,
  'o.f = () => x, by TurboFan': assign,
  'o.f = x ? () => x : undefined': (x) => { const o = {}; o.f = x ? () => x : undefined; return o.f; },
  'const f = () => x; o.f = f': (x) => { const o = {}; const f = () => x; o.f = f; return o.f; },
  'o.f = same(() => x)': (x) => { const o = {}; o.f = same(() => x); return o.f; },
  'call(() => x)': (x) => same(() => x),
  '{ f: () => x }': (x) => ({ f: () => x }).f,
  'class { f = () => x }': (x) => new (class { f = () => x; })().f,
};
for (const [name, make] of Object.entries(forms)) {
  const [, by] = /by (\w+)/.exec(name) ?? [];
  if (by) {
    %PrepareFunctionForOptimization(make);
    make({});
    if (by === 'Maglev') %OptimizeMaglevOnNextCall(make);
    else %OptimizeFunctionOnNextCall(make);
  }
  console.log(`${%InYoungGeneration(make({})) ? 'young' : 'old  '} ${name}`);
}
END

cat >cost.mjs <<'END'
import { getHeapSpaceStatistics } from 'node:v8';

const oldBytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'old_space').space_used_size;
const kilobyte = () => Array.from({ length: 128 }, (_, i) => i + 0.5);
const forms = {
  assigned() { const held = kilobyte(); const o = {}; o.f = () => held; return o; },
  named() { const held = kilobyte(); const o = {}; const f = () => held; o.f = f; return o; },
};
const make = forms[process.argv[2]];
gc();
gc();
const before = oldBytes();
for (let made = 1; made <= 2000; made++) {
  make();
  if (made % 100 === 0) gc({ type: 'minor' });
}
const after = oldBytes();
gc();
const kilobytes = (bytes) => Math.round(bytes / 1000);
console.log(kilobytes(after - before), kilobytes(oldBytes() - before));
END

forms=$("$node" --allow-natives-syntax forms.cjs)
echo "$forms"
read -r assigned assigned_left < <("$node" --expose-gc cost.mjs assigned)
read -r named named_left < <("$node" --expose-gc cost.mjs named)
echo "o.f = () => x: $assigned KB more in the old generation, $assigned_left KB after a full collection"
echo "const f = () => x; o.f = f: $named KB more in the old generation, $named_left KB after a full collection"
[ "$forms" = 'old   o.f = () => x
old   o.f = async () => x
old   o.f = function () {…}
old   o.f ??= () => x
old   o[k] = () => x
old   this.#f = () => x
old   o.f = () => x, by Maglev
young o.f = () => x, by TurboFan
young o.f = x ? () => x : undefined
young const f = () => x; o.f = f
young o.f = same(() => x)
young call(() => x)
young { f: () => x }
young class { f = () => x }' ]
[ "$assigned" -gt 1000 ] && [ "$assigned" -gt $((5 * named)) ] && [ "$assigned_left" -lt 200 ]
