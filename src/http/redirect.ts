import type { Answer } from './answer.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The path that a redirect leads to, undefined when it leads anywhere but to another path of the same origin: what
 * was asked with (a key in a header, or in the query) is for this scheme, host and port alone. A target without a query
 * is asked with ours, which says what was asked and, at Insighto, who asks: not every redirect repeats it.
 *
 * @param path as it was sent; a proxy for plain HTTP is sent the origin with it, and gets it so again
 */
export function pathOfRedirect(
  { status, headers: { location } }: Answer,
  { origin, path }: { origin: string; path: string },
): string | undefined {
  if (!REDIRECTS.has(status) || typeof location !== 'string') return undefined;
  const told = path.startsWith('/') ? '' : origin;
  const asked = new URL(told ? path : origin + path);
  if (!URL.canParse(location, asked.href)) return undefined;
  const target = new URL(location, asked);
  const isElsewhere = target.origin !== origin || target.username !== '' || target.password !== '';
  const targetPath = told + target.pathname + (target.search || asked.search);
  return isElsewhere || targetPath === path ? undefined : targetPath;
}
