#!/usr/bin/env bash
# graphql_client 0.16.0 (Rust): a field that is selected directly and again in a fragment beside it is not found.
#
# `{ me { id ...Card } } fragment Card on User { id name }` is valid GraphQL, and an answer has `id` once. The generated
# struct has `id` and, flattened, the fragment's struct with its own `id`. The outer field takes it, and deserializing a
# right answer fails with "missing field `id`". Without the outer `id` the same answer is read.
#
# Seen: twice: missing field `id`; once: ok
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "field-twice"
version = "0.0.0"
edition = "2021"
[dependencies]
graphql_client = "=0.16.0"
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
TOML
cat > schema.graphql <<'GQL'
type Query { me: User }
type User { id: ID! name: String }
GQL
echo 'query Twice { me { id ...Card } } fragment Card on User { id name }' > twice.graphql
echo 'query Once { me { ...Card } } fragment Card on User { id name }' > once.graphql
cat > src/main.rs <<'RUST'
use graphql_client::GraphQLQuery;
#[derive(GraphQLQuery)]
#[graphql(schema_path = "schema.graphql", query_path = "twice.graphql")]
struct Twice;
#[derive(GraphQLQuery)]
#[graphql(schema_path = "schema.graphql", query_path = "once.graphql")]
struct Once;
fn main() {
    let answer = r#"{"me":{"id":"1","name":"Ada"}}"#;
    let said = |error: Option<serde_json::Error>| error.map_or("ok".to_string(), |e| e.to_string());
    println!("twice: {}", said(serde_json::from_str::<twice::ResponseData>(answer).err()));
    println!("once: {}", said(serde_json::from_str::<once::ResponseData>(answer).err()));
}
RUST
output=$(cargo run --quiet 2>/dev/null)
echo "$output"
grep -q '^twice: missing field `id`' <<< "$output"
grep -qx 'once: ok' <<< "$output"
