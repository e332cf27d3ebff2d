import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResult, QueryResultRow } from 'pg';
import type { LinkRow } from './link-row.ts';
import { endUnsealed, inTransaction, isUnsealed, migrate, openPool } from './postgres-database.ts';
import { codeOf, isBroken, isConflict, isFull, isTaken } from './postgres-errors.ts';
import { queryWithin } from './postgres-query.ts';
import { type SqlRow, rowOf, SQL, valuesOf } from './postgres-statements.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { accountsBeside, type LinkStore } from './store.ts';

/** Names a lock that all replicas know. The number is arbitrary, but must never change. */
const IMPORT_LOCK = 7_310_684_202;

const BEFORE_ALL = { userId: '00000000-0000-0000-0000-000000000000', provider: '' };

/** How often a transaction is done again that others came in between of. */
const ATTEMPTS = 5;

/** How long a server that has no connection to spare is asked again, and after what time. */
const FULL_MS = 1_000;
const FULL_AGAIN_MS = 50;

/** Links in a PostgreSQL database, for any number of replicas, each of which takes up to `connections`. */
export function openPostgresStore(url: string, connections: number): LinkStore {
  const { connectionString, statementMs } = readPostgresUrl(url);
  const pool = openPool(connectionString, connections);

  /** Every statement here may be repeated. */
  async function ask<Row extends QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const giveUpAt = performance.now() + FULL_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await queryWithin<Row>(pool, statementMs, sql, values);
      } catch (error) {
        if (isFull(error) && performance.now() < giveUpAt) await sleep(FULL_AGAIN_MS);
        // Most often the connections were cut while they were idle, all of them.
        else if (!isWorthAnother(error) || attempt > connections) throw error;
      }
    }
  }
  const rowsOf = async (sql: string, values: unknown[]) => (await ask<SqlRow>(sql, values)).rows.map(rowOf);

  return {
    isRemote: true,
    prepare: () => migrate(pool, statementMs),
    isOfEarlierVersion: () => isUnsealed(pool, statementMs),
    endEarlierVersion: () => endUnsealed(pool),
    of: (userIds) => rowsOf(SQL.of, [userIds]),
    ofAccounts: (provider, externalIds) => rowsOf(SQL.ofAccounts, [provider, externalIds]),
    page(after, limit, provider) {
      const { userId, provider: last } = after ?? BEFORE_ALL;
      return rowsOf(SQL.page, [userId, last, provider, limit]);
    },
    async put(row) {
      try {
        await ask(SQL.put, valuesOf(row));
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      }
    },
    remove: async (userId, provider) => (await ask(SQL.remove, [userId, provider ?? null])).rowCount ?? 0,
    keyIds: async () => (await ask<{ id: string | null }>(SQL.keyIds)).rows.map(({ id }) => id),
    async replace(changes) {
      await ask(SQL.replace, [
        ...columnsOf(changes.map(({ row }) => row)),
        changes.map(({ was }) => was.externalId),
        changes.map(({ was }) => was.sealed?.bytes ?? null),
      ]);
    },
    async importBatch({ userIds, accounts }, decide) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await inTransaction(pool, statementMs, async (client) => {
            const lock = await client.query<{ claimed: boolean }>(SQL.tryLock, [IMPORT_LOCK]);
            if (!lock.rows[0]?.claimed) return false;
            const stored = (await client.query<SqlRow>(SQL.of, [userIds])).rows.map(rowOf);
            for (const [provider, ids] of accountsBeside(stored, accounts))
              stored.push(...(await client.query<SqlRow>(SQL.ofAccounts, [provider, ids])).rows.map(rowOf));
            const { rows, replaced } = decide(stored);
            if (replaced.length > 0) {
              const names = [replaced.map((row) => row.userId), replaced.map((row) => row.provider)];
              await client.query(SQL.removeRows, names);
            }
            if (rows.length > 0) await client.query(SQL.addRows, columnsOf(rows));
            return true;
          });
        } catch (error) {
          if (!isConflict(error) || attempt === ATTEMPTS) throw error;
        }
      }
    },
    async markRejected({ userId, provider, sealed }) {
      await ask(SQL.markRejected, [userId, provider, sealed?.bytes ?? null]);
    },
    async rejected(after, limit) {
      const { userId, provider: last } = after ?? BEFORE_ALL;
      const { rows } = await ask<SqlRow & { rejected_at: Date }>(SQL.rejected, [userId, last, limit]);
      return rows.map((row) => ({ row: rowOf(row), since: row.rejected_at.toISOString() }));
    },
    codeOf,
    moveTo(other) {
      pool.options.connectionString = readPostgresUrl(other).connectionString;
    },
    close: () => pool.end(),
  };
}

/** Whether another connection, or another moment, may do. */
function isWorthAnother(error: unknown): boolean {
  return isBroken(error) || (isConflict(error) && !isTaken(error));
}

/** The values of many rows, column by column. */
function columnsOf(rows: readonly LinkRow[]): unknown[][] {
  const values = rows.map(valuesOf);
  return [0, 1, 2, 3, 4].map((column) => values.map((row) => row[column]));
}
