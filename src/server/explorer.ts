import type { Config } from '../config.ts';

/** A page, or a file that one needs. */
export interface Page {
  type: string;
  body: string | Buffer;
}

/** What is at a path; undefined where nothing is. */
export type Explorer = (path: string) => Promise<Page | undefined>;

/** What an explorer shows at first: an operation to run, and who runs it (a person of the demo). */
export const first = {
  document: `query Me {
  me {
    id
    name
    status
    activeSessions
    organization { name domain }
    billing { subscriptionStatus isPaying }
    atomsAccount { email }
  }
}`,
  headers: { authorization: 'Bearer demo-ada' },
};

/** The page at `/` that GraphQL is explored with. Rejects when what it needs is not installed. */
export async function openExplorer(explorer: Config['explorer']): Promise<Explorer> {
  switch (explorer) {
    case 'sandbox':
      return (await import('./sandbox.ts')).sandbox;
    case 'altair':
      return (await import('./altair.ts')).openAltair();
    case 'off':
      return async () => undefined;
  }
}
