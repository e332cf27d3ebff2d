#!/usr/bin/env bash
# genqlient 0.8.1 (Go): an optional input field that a program does not set is sent as "", not left out and not null.
#
# `input Edit { name: String  bio: String }` and a Go value with `Name` alone: with the default configuration the
# variables hold `"bio":""`, which a server has to take for "remove the bio". With `optional: pointer` it is null.
#
# Seen: value {"input":{"name":"Ada","bio":""}}; pointer {"input":{"name":"Ada","bio":null}}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf 'module unset\n\ngo 1.24\n' > go.mod
go get -tool github.com/Khan/genqlient@v0.8.1 > /dev/null 2>&1
go get golang.org/x/tools@v0.52.0 > /dev/null 2>&1
cat > schema.graphql <<'GQL'
type Query { ok: Boolean }
type Mutation { change(input: Edit!): Boolean }
input Edit { name: String bio: String }
GQL
echo 'mutation Change($input: Edit!) { change(input: $input) }' > operation.graphql
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/Khan/genqlient/graphql"
)

type shown struct{}

func (shown) MakeRequest(_ context.Context, request *graphql.Request, _ *graphql.Response) error {
	text, _ := json.Marshal(request.Variables)
	fmt.Println(string(text))
	return nil
}
GO
said() {
  printf 'schema: schema.graphql\noperations: [operation.graphql]\ngenerated: generated.go\npackage: main\noptional: %s\n' "$1" > genqlient.yaml
  go tool genqlient genqlient.yaml
  printf 'package main\n\nimport "context"\n\nfunc main() {\n\tname := "Ada"\n\t_, _ = Change(context.Background(), shown{}, Edit{Name: %s})\n}\n' "$2" > run.go
  go mod tidy > /dev/null 2>&1
  go run .
}
value=$(said value name)
pointer=$(said pointer '&name')
echo "value $value; pointer $pointer"
[ "$value" = '{"input":{"name":"Ada","bio":""}}' ]
[ "$pointer" = '{"input":{"name":"Ada","bio":null}}' ]
