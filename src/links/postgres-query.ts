import { type Connection, type Pool, Query, type QueryResult, type QueryResultRow } from 'pg';

declare module 'pg' {
  // What a client asks of whatever is submitted to it. https://node-postgres.com/apis/client#clientquery
  interface Query {
    prepare(connection: Connection): void;
    handleDataRow(message: unknown): void;
    handleCommandComplete(message: unknown, connection: Connection): void;
  }
}

/**
 * A statement with a time limit of its own, which the server keeps: it sets the limit for the transaction that both are
 * in, and travels with it, so that it costs no round trip and leaves nothing behind on the connection, which may be
 * shared with others by a pooler.
 */
class LimitedQuery extends Query {
  readonly #limitMs: number;
  #isLimited = false;

  constructor(text: string, values: unknown[], limitMs: number) {
    // Extended also without values: in a simple query the limit would be a statement of another transaction.
    super({ text, values, queryMode: 'extended' } as never);
    this.#limitMs = limitMs;
  }

  override prepare(connection: Connection): void {
    const text = `SELECT set_config('statement_timeout', '${this.#limitMs}', true)`;
    connection.parse({ text } as never, true);
    connection.bind({}, true);
    connection.execute({}, true);
    super.prepare(connection);
  }

  /** What setting the limit answers is nobody's. */
  override handleDataRow(message: unknown): void {
    if (this.#isLimited) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#isLimited) super.handleCommandComplete(message, connection);
    this.#isLimited = true;
  }
}

/** Runs one statement, for no longer than `limitMs` on the server. */
export function queryWithin<Row extends QueryResultRow>(
  pool: Pool,
  limitMs: number,
  text: string,
  values: unknown[],
): Promise<QueryResult<Row>> {
  return pool.query(new LimitedQuery(text, values, limitMs)) as unknown as Promise<QueryResult<Row>>;
}
