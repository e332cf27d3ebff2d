import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LinksSetupError } from './link.ts';
import { createSqliteFile, pathProblem } from './sqlite-file.ts';

/** The path of a links URL that is a file. Throws LinksSetupError otherwise. */
function fileOf(url: string): string {
  const [, path] = /^sqlite:(.+)$/.exec(url) ?? [];
  if (path === undefined || path === ':memory:')
    throw new LinksSetupError(
      'Only links in a file are copied by this program. For PostgreSQL: pg_dump, as docs/operations-links.md says.',
    );
  return path;
}

/** In one step, so that no write comes in between. */
const ALL_PAGES = { rate: 2 ** 31 - 1 };

const readOnly = (path: string) =>
  new DatabaseSync(`${pathToFileURL(path).href}?mode=ro`, { timeout: 2_000 });

/** Copies the links to a new file as they are at one moment, while they are in use. */
export async function backUp(url: string, to: string): Promise<void> {
  const from = fileOf(url);
  if (!existsSync(from)) throw new LinksSetupError('There is no file at LINKS_URL.');
  try {
    closeSync(openSync(to, 'wx', 0o600));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new LinksSetupError(`${to} cannot be made: ${pathProblem(to, code)}.`);
  }
  try {
    const source = readOnly(from);
    await backup(source, to, ALL_PAGES).finally(() => source.close());
    keepInOneFile(to);
    checkWhole(to);
  } catch (error) {
    rmSync(to);
    throw error;
  }
}

/** Puts a backup in the place of the links, as one transaction, so that it may be done while they are in use. */
export async function restore(url: string, from: string): Promise<void> {
  const path = fileOf(url);
  if (!existsSync(from)) throw new LinksSetupError(`${from} is not there.`);
  checkWhole(from);
  createSqliteFile(path);
  const source = readOnly(from);
  await backup(source, path, ALL_PAGES).finally(() => source.close());
}

/** A copy keeps a log of writes beside it like its original, even for those who only read it. */
function keepInOneFile(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = DELETE');
  db.close();
}

/** Throws unless a file holds links, all of them readable. */
function checkWhole(path: string): void {
  const db = readOnly(path);
  try {
    const [result] = db.prepare('PRAGMA integrity_check').all();
    db.prepare('SELECT count(*) FROM links').get();
    if (result?.['integrity_check'] !== 'ok') throw new Error('damaged');
  } catch {
    throw new LinksSetupError(`${path} is no whole file of links.`);
  } finally {
    db.close();
  }
}
