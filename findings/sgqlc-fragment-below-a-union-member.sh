#!/usr/bin/env bash
# sgqlc 18 (Python): a fragment that is spread below a member of a union is spread, and its definition is not sent.
#
# `{ pet { ... on Cat { owner { ...Card } } } } fragment Card on Owner { name }` is valid. What sgqlc-codegen makes of it
# prints the spread alone, so that every server has to refuse the operation. The same fragment beside the union, on a field
# of an object, is printed with its definition.
#
# Seen: below the member: 1 spread, 0 definitions; below an object: 1 spread, 1 definitions
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet sgqlc==18 graphql-core==3.2.14
cat > introspect.py <<'PY'
import json
from graphql import build_schema, introspection_from_schema
schema = build_schema('''
  type Query { pet: Pet owner: Owner }
  union Pet = Cat | Dog
  type Cat { owner: Owner }
  type Dog { id: ID }
  type Owner { name: String }
''')
json.dump({'data': introspection_from_schema(schema)}, open('schema.json', 'w'))
PY
env/bin/python introspect.py
cat > operations.graphql <<'GQL'
query Member { pet { __typename ... on Cat { owner { ...Card } } } }
query Object { owner { ...Card } }
fragment Card on Owner { name }
GQL
env/bin/sgqlc-codegen schema schema.json pets.py
env/bin/sgqlc-codegen operation --schema schema.json pets operations.py operations.graphql
count() {
  env/bin/python -c "
import operations
text = str(operations.query_$1())
print(text.count('...Card'), 'spread,', text.count('fragment Card'), 'definitions')"
}
member=$(count member)
object=$(count object)
echo "below the member: $member; below an object: $object"
[ "$member" = '1 spread, 0 definitions' ]
[ "$object" = '1 spread, 1 definitions' ]
