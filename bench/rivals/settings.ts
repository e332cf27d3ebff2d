import { openStoredLinks } from './stored-links.ts';

const { PORT, BIRD, EJENTO, INSIGHTO, ATOMS, LINKS_PATH, LINKS_ENCRYPTION_KEY, ROUTER_SECRET } = process.env;

/** What the benchmark tells a rival, and the links that it opens with it. */
export const port = Number(PORT);
export const routerSecret = ROUTER_SECRET as string;
export const origins = { bird: BIRD, ejento: EJENTO, insighto: INSIGHTO, atoms: ATOMS } as Record<
  'bird' | 'ejento' | 'insighto' | 'atoms',
  string
>;
export const linksOf = openStoredLinks(LINKS_PATH as string, LINKS_ENCRYPTION_KEY as string);

/** The service's own limits, so that nobody wins by having none. */
export const pool = { connections: 128, headersTimeout: 2_500, bodyTimeout: 2_500 };
export const ejentoHeaders = {
  'ocp-apim-subscription-key': 'subscription-key',
  authorization: 'Bearer access-token',
};

/** Whether things are done in a row, as this subgraph does them (`src/http/turns.ts`). */
export const isInRows = process.argv.includes('--in-rows');
