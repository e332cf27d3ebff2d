import { readConfig } from '../../src/settings/config.ts';
import { openLinks } from '../../src/links/links.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { linkable } from '../../src/providers/registry.ts';
import { startService } from '../../src/service.ts';
import { People, type Simulators, startSimulators } from '../simulators/index.ts';
import { Authority, type Identity, trust } from './authority.ts';
import { LeakHunt, spansInMemory } from './leak-hunt.ts';

/** A GraphQL answer, as a client gets it. */
export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- the point of a test is to look into it
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  /** The body as it was sent. */
  text: string;
}

/** What a request carries beside the document. */
export interface Asking {
  /** A Bird login token. */
  as?: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  operationName?: string;
}

export type Subgraph = Awaited<ReturnType<typeof startSubgraph>>;

export const ROUTER_SECRET = 'the-routers-secret';
const METRICS_SECRET = 'the-secret-of-the-metrics';
const OPERATOR_SCOPE = 'users:read';

/**
 * The whole product over real sockets: the four simulators with the demo's people, their links in memory, and the
 * service in front. Settings given here win over the simulators'.
 */
export async function startSubgraph(
  settings: Record<string, string | undefined> = {},
  /** Who is linked where: everybody, everywhere, unless said otherwise; and what another one asks as well, if so. */
  { links: linked, simulators: shared }: { links?: Iterable<object>; simulators?: Simulators } = {},
) {
  const simulators =
    shared ?? (await startSimulators(new People(), process.env['TLS'] === 'true' ? identity() : undefined));
  const lines: string[] = [];
  const environment = {
    PORT: '0',
    LINKS_URL: 'sqlite::memory:',
    LINKS_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    METRICS_SECRET,
    OPERATOR_SCOPE,
    ...simulators.settings(),
    ...settings,
  };
  const config = readConfig(environment);
  const level = settings['LOG_LEVEL'] ?? 'debug';
  const log = openLog({ level, to: { write: (line) => void lines.push(line) } });
  const links = await openLinks({ ...config.links, linkable, log });
  await links.import([...(linked ?? simulators.people.links())].map((link) => `${JSON.stringify(link)}\n`));
  const { tracing, spans } = spansInMemory();
  let time = 1;
  const now = () => time;
  const service = await startService({ config, log, links, tracing, now });
  const leaks = new LeakHunt(environment);

  const post = (query: string, { as, headers, variables, operationName }: Asking) =>
    fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(as && { authorization: `Bearer ${as}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName }),
    });

  /** Makes a query a known one: nobody asks it twice, and no provider hears of it. */
  const known = new Set<string>();
  async function makeKnown(query: string, asking: Asking): Promise<void> {
    const [secret = ''] = config.routerSecrets;
    const accept = asking.headers?.['accept'] ?? '*/*';
    const headers = { 'router-authorization': secret, accept };
    const asked = JSON.stringify([query, asking.operationName, accept]);
    if (known.has(asked) || /^[\s#]*mutation/.test(query)) return;
    known.add(asked);
    for (let time = 0; time < 2; time++) await (await post(query, { ...asking, as: '', headers })).text();
    lines.length = 0;
  }

  async function ask(query: string, asking: Asking = {}): Promise<Answer> {
    if (process.env['PLANNED'] === 'true') await makeKnown(query, asking);
    const response = await post(query, asking);
    const text = await response.text();
    leaks.saw('answer', text + JSON.stringify([...response.headers]));
    const { data, errors = [] } = JSON.parse(text) as Partial<Answer>;
    return { status: response.status, headers: response.headers, data, errors, text };
  }

  /** The metrics, as Prometheus reads them. */
  async function metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${METRICS_SECRET}` };
    return (await fetch(`${service.url}/metrics`, { headers })).text();
  }

  return {
    ...simulators,
    url: service.url,
    config,
    links,
    /** Everything that was logged, one JSON object each. */
    log: lines,
    ask,
    /** Asks for the fields of references, as a gateway does. */
    entities(ids: readonly string[], selection: string, asking: Asking = {}) {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } }`;
      const of = ids.map((id) => ({ __typename: 'User', id }));
      return ask(query, { ...asking, variables: { of } });
    },
    metrics,
    /** Lets so many ms pass, by the clock of how long it is known whose a token is. It does not go by itself. */
    later: (ms: number) => void (time += ms),
    /** The spans of every operation so far. */
    spans,
    /** Ends it, and fails when anything secret has come out of it. */
    async stop() {
      leaks.saw('metric', await metrics());
      await service.stop();
      await simulators.close();
      for (const line of lines) leaks.saw('log line', line);
      for (const span of spans()) leaks.saw('span', JSON.stringify(span));
      const found = leaks.found();
      if (found.length > 0) throw new Error(`Secrets came out:\n${found.join('\n')}`);
    },
  };
}

/** What the providers of this process show over TLS; it trusts them. */
let shared: Identity | undefined;
function identity(): Identity {
  if (shared) return shared;
  const authority = new Authority();
  trust(authority);
  return (shared = authority.issue());
}

/** The headers of a trusted gateway that speaks for an operator; the service needs `ROUTER_SECRET` for it. */
export const operator = { 'router-authorization': ROUTER_SECRET, 'x-user-scopes': 'openid users:read' };
