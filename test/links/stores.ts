import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { type LinksAdmin, type LinksSettings, openLinks } from '../../src/links/links.ts';
import { openPostgresStore } from '../../src/links/postgres.ts';
import { openSqliteStore } from '../../src/links/sqlite.ts';
import type { LinkStore } from '../../src/links/store.ts';
import { keyA, linkable } from './fixtures.ts';
import { type PgBouncer, pgbouncerProgram, startPgBouncer } from './pgbouncer.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

export interface LogLine {
  readonly level: 'info' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A store of the test's own, empty at its beginning. */
export interface StoreWorld {
  readonly url: string;
  readonly log: readonly LogLine[];
  /** Opens links on it, which are closed after the test. */
  open(settings?: Partial<LinksSettings>): Promise<LinksAdmin>;
  /** The store below the links, prepared by whoever opened links on it; closed after the test. */
  openStore(): LinkStore;
  /** Runs SQL past the product and returns the rows. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
}

/** Runs the tests once for each store that the product has. */
export function describeEachStore(title: string, tests: (world: StoreWorld) => void): void {
  describe(`${title} (SQLite)`, () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'links-'));
    });
    afterEach(() => rm(folder, { recursive: true }));
    tests(
      worldOf(
        () => `sqlite:${join(folder, 'links.db')}`,
        async (text) => {
          const db = new DatabaseSync(join(folder, 'links.db'));
          try {
            return db.prepare(text).all();
          } finally {
            db.close();
          }
        },
      ),
    );
  });

  describe(`${title} (PostgreSQL)`, () => {
    describePostgres(tests, async (server) => ({ urlOf: server.urlOf, close: async () => {} }));
  });
  for (const mode of ['session', 'transaction'] as const) {
    const missing = pgbouncerProgram ? '' : ': left out, pgbouncer is not installed';
    describe.skipIf(missing !== '')(`${title} (PgBouncer, ${mode} pooling${missing})`, () => {
      describePostgres(tests, (server) => startPgBouncer(server.folder, mode));
    });
  }
}

/** On a real server, asked through whatever is in front of it. */
function describePostgres(
  tests: (world: StoreWorld) => void,
  inFront: (server: PostgresServer) => Promise<PgBouncer>,
): void {
  let server: PostgresServer;
  let front: PgBouncer;
  let direct: string;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    direct = await server.createDatabase();
    front = await inFront(server);
    url = front.urlOf('links_1');
  }, 60_000);
  afterAll(async () => {
    await front.close();
    await server.close();
  });
  beforeEach(() => queryPostgres(direct, 'DROP TABLE IF EXISTS links, links_schema'));
  tests(
    worldOf(
      () => url,
      (text) => queryPostgres(direct, text),
    ),
  );
}

/** Runs SQL on a database and returns the rows. */
export async function queryPostgres(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Keeps what is logged. */
export function logTo(lines: LogLine[]): LinksSettings['log'] {
  const at =
    (level: LogLine['level']) =>
    (fields: unknown, message = '') =>
      void lines.push({ level, fields: fields as object, message });
  return { info: at('info'), error: at('error') };
}

function worldOf(urlOf: () => string, sql: StoreWorld['sql']): StoreWorld {
  const opened: { close(): Promise<void> }[] = [];
  const log: LogLine[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((links) => links.close()));
    log.length = 0;
  });
  return {
    get url() {
      return urlOf();
    },
    log,
    async open(settings) {
      const links = await openLinks({ url: urlOf(), keys: [keyA], linkable, log: logTo(log), ...settings });
      opened.push(links);
      return links;
    },
    openStore() {
      const url = urlOf();
      const store = url.startsWith('sqlite:') ? openSqliteStore(url.slice(7)) : openPostgresStore(url, 5);
      opened.push(store);
      return store;
    },
    sql,
  };
}
