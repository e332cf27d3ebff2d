import { openLog } from '../../src/telemetry/log.ts';
import { startSupergraph, type SupergraphSettings } from '../../examples/supergraph/start.ts';

/** An answer of the gateway, as a client gets it. */
export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the point of a test is to look into it
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  /** The body as it was sent. */
  text: string;
}

/** What a request carries beside the document. */
export interface Asking {
  /** A Bird login token; null for nobody. Ada if it is left out. */
  as?: string | null;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** A supergraph with whichever gateway, over real sockets, and what came through to the projects subgraph. */
export async function startWorld(settings: SupergraphSettings) {
  const seenByProjects: Record<string, unknown>[] = [];
  const supergraph = await startSupergraph({
    // The warnings of the troubles that the suite makes are meant, and would be printed among its results.
    log: openLog({ level: 'error' }),
    ...settings,
    seenByProjects: (headers) => void seenByProjects.push(headers),
    settings: {
      IDENTITY_CACHE_SECONDS: '0',
      OPERATOR_SCOPE: 'users:read',
      TRACE_TO_PROVIDERS: 'true',
      ...settings.settings,
    },
  });

  function post(query: string, { as = 'demo-ada', variables, headers }: Asking): Promise<Response> {
    return fetch(`${supergraph.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(as !== null && { authorization: `Bearer ${as}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
  }

  async function ask(query: string, asking: Asking = {}): Promise<Answer> {
    const response = await post(query, asking);
    const text = await response.text();
    const { data, errors = [] } = JSON.parse(text) as Pick<Answer, 'data'> & Partial<Answer>;
    return { status: response.status, data, errors, text };
  }

  /** Asks for an answer in parts, and gives each part. */
  async function askInParts(query: string): Promise<unknown[]> {
    const accept = 'multipart/mixed;deferSpec=20220824, multipart/mixed, application/json';
    const response = await post(query, { headers: { accept } });
    const text = await response.text();
    const boundary = /boundary="?([^";]+)/.exec(response.headers.get('content-type') ?? '')?.[1];
    const parts = boundary === undefined ? [text] : text.split(`--${boundary}`);
    return parts
      .filter((part) => part.includes('{'))
      .map((part) => JSON.parse(part.slice(part.indexOf('{'))));
  }

  return {
    ...supergraph,
    ask,
    askInParts,
    seenByProjects,
    async reset() {
      seenByProjects.length = 0;
      await supergraph.reset();
    },
    /** How many calls each provider got. */
    calls: () => ({
      bird: supergraph.bird.count(),
      ejento: supergraph.ejento.count(),
      insighto: supergraph.insighto.count(),
      atoms: supergraph.atoms.count(),
    }),
  };
}
