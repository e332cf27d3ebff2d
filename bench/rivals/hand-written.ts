import { createServer, type IncomingMessage } from 'node:http';
import { atomsAccountOf, billingOf, organizationOf, profileOf } from './provider-calls.ts';
import { isInRows, linksOf, port, routerSecret } from './settings.ts';
import { whenAllIsRead } from '../../src/http/turns.ts';

/**
 * Row 0: the same answers without GraphQL. `POST /me` and `POST /users`, each with its fields written out by hand,
 * on node:http and undici's `dispatch`. No validation, guards per field, log lines, metrics, retries or breaker:
 * what is left is what nobody can leave out. With `--in-rows` it has the two things that make this subgraph fast, its
 * scheduling and its connections: then it is the limit of what can be had.
 */
async function me(authorization: string): Promise<unknown> {
  const profile = await profileOf(authorization);
  const accounts = linksOf([profile.id]).get(profile.id);
  const [organization, billing, atomsAccount] = await Promise.all([
    organizationOf(accounts?.ejento),
    billingOf(accounts?.insighto),
    atomsAccountOf(accounts?.atoms),
  ]);
  return { ...profile, organization, billing, atomsAccount };
}

function users(ids: readonly string[]): Promise<unknown> {
  const accounts = linksOf(ids);
  return Promise.all(
    ids.map(async (id) => ({ organization: await organizationOf(accounts.get(id)?.ejento) })),
  );
}

function read(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (text += chunk));
    req.on('end', () => (isInRows ? whenAllIsRead(() => resolve(text)) : resolve(text)));
    req.on('error', reject);
  });
}

createServer(async (req, res) => {
  try {
    if (req.headers['router-authorization'] !== routerSecret) return void res.writeHead(403).end();
    const { ids } = JSON.parse(await read(req)) as { ids?: string[] };
    const data = await (req.url === '/me' ? me(req.headers.authorization ?? '') : users(ids ?? []));
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ data }));
  } catch {
    res.writeHead(500).end();
  }
}).listen(port, '127.0.0.1');
