#!/usr/bin/env bash
# graphql-composition 0.12.2 (grafbase's composer, Rust): the descriptions of the root types are lost, and only theirs.
#
# One subgraph, `Query`, `Mutation` and `Thing` each with a description. The composed schema for clients has that of `Thing`,
# and of every root field, and none for `Query` and `Mutation`.
#
# Seen: kept: "A thing." "One thing." "Makes one."; lost: "What can be asked." "What can be changed."
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "descriptions"
version = "0.0.0"
edition = "2024"
[dependencies]
graphql-composition = "=0.12.2"
TOML
cat > things.graphql <<'GQL'
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
"What can be asked."
type Query {
  "One thing."
  thing: Thing
}
"What can be changed."
type Mutation {
  "Makes one."
  make: Thing
}
"A thing."
type Thing @key(fields: "id") { id: ID! }
GQL
cat > src/main.rs <<'RUST'
fn main() {
    let mut subgraphs = graphql_composition::Subgraphs::default();
    let sdl = include_str!("../things.graphql");
    subgraphs.ingest_str(sdl, "things", Some("http://things.example/")).expect("it parses");
    let Ok(graph) = graphql_composition::compose(&mut subgraphs).into_result() else { panic!("it composes") };
    println!("{}", graphql_composition::render_api_sdl(&graph));
}
RUST
sdl=$(cargo run --quiet 2>/dev/null)
kept='' lost=''
for text in 'What can be asked.' 'What can be changed.' 'A thing.' 'One thing.' 'Makes one.'; do
  if grep -qF "$text" <<< "$sdl"; then kept+=" \"$text\""; else lost+=" \"$text\""; fi
done
echo "kept:$kept; lost:$lost"
[ "$kept" = ' "A thing." "One thing." "Makes one."' ]
[ "$lost" = ' "What can be asked." "What can be changed."' ]
