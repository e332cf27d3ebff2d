#!/usr/bin/env bash
# graphql_client 0.16.0 (Rust): `fragments_other_variant = true` is taken and does nothing; it has to be `"true"`.
#
# The option gives the enum of a union a variant for types that the program does not know. As a bare `true` the derive
# accepts it without a word, the variant is not there, and an answer with a newer member is not read. With `= "true"` it is.
# `skip_serializing_none` beside it is a bare word.
#
# Seen: bare: unknown variant `Bird`, expected `Cat`; text: Ok
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "other-variant"
version = "0.0.0"
edition = "2021"
[dependencies]
graphql_client = "=0.16.0"
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
TOML
cat > schema.graphql <<'GQL'
type Query { pet: Pet }
union Pet = Cat
type Cat { name: String }
GQL
echo 'query Text { pet { __typename ... on Cat { name } } }' > text.graphql
echo 'query Bare { pet { __typename ... on Cat { name } } }' > bare.graphql
cat > src/main.rs <<'RUST'
use graphql_client::GraphQLQuery;
#[derive(GraphQLQuery)]
#[graphql(schema_path = "schema.graphql", query_path = "bare.graphql", fragments_other_variant = true)]
struct Bare;
#[derive(GraphQLQuery)]
#[graphql(schema_path = "schema.graphql", query_path = "text.graphql", fragments_other_variant = "true")]
struct Text;
fn main() {
    let answer = r#"{"pet":{"__typename":"Bird"}}"#;
    let said = |error: Option<serde_json::Error>| error.map_or("Ok".to_string(), |e| e.to_string());
    println!("bare: {}", said(serde_json::from_str::<bare::ResponseData>(answer).err()));
    println!("text: {}", said(serde_json::from_str::<text::ResponseData>(answer).err()));
}
RUST
output=$(cargo run --quiet 2>/dev/null)
echo "$output"
grep -q '^bare: unknown variant `Bird`, expected `Cat`' <<< "$output"
grep -qx 'text: Ok' <<< "$output"
