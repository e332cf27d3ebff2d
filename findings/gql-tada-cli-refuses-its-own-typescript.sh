#!/usr/bin/env bash
# gql.tada 1.11.3: its peer dependency takes TypeScript 7 (`^5.0.0 || ^6.0.0 || ^7.0.0 || ^8.0.0`), and npm installs them
# together; its command line fails there on a function of the compiler's API that TypeScript 7 does not have. What it writes
# under 5.9 is compiled by 7.
#
# Seen:
#   TypeScript 7.0.2: a.parseConfigFileTextToJson is not a function
#   TypeScript 5.9.3: Introspection output was generated successfully; compiled by 7.0.2: ok
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
echo 'type Query { hello: String }' > schema.graphql
cat > tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "strict": true, "noEmit": true, "skipLibCheck": true, "module": "esnext", "moduleResolution": "bundler", "types": [],
    "plugins": [{ "name": "gql.tada/ts-plugin", "schema": "./schema.graphql", "tadaOutputLocation": "./graphql-env.d.ts" }]
  },
  "include": ["*.ts"]
}
JSON
cat > query.ts <<'TS'
import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

const graphql = initGraphQLTada<{ introspection: introspection }>();
const query = graphql(`{ hello }`);
export const hello: ResultOf<typeof query>['hello'] = 'text';
TS
npm install --silent --no-audit --no-fund gql.tada@1.11.3 graphql@16.15.0 typescript@7.0.2 > /dev/null 2>&1
new=$(npx gql.tada generate-output 2>&1 | grep -o 'a.parseConfigFileTextToJson is not a function' || true)
npm install --silent --no-audit --no-fund typescript@5.9.3 > /dev/null 2>&1
old=$(npx gql.tada generate-output 2>&1 | grep -o 'Introspection output was generated successfully' || true)
npm install --silent --no-audit --no-fund typescript@7.0.2 > /dev/null 2>&1
compiled=$(npx tsc && echo ok)
echo "TypeScript 7.0.2: $new"
echo "TypeScript 5.9.3: $old; compiled by 7.0.2: $compiled"
[ "$new" = 'a.parseConfigFileTextToJson is not a function' ]
[ "$old" = 'Introspection output was generated successfully' ]
[ "$compiled" = ok ]
