import { UpstreamError } from '../../http/upstream-error.ts';
import type { Standing } from '../../links/prune.ts';
import type { ProviderRequest } from '../provider.ts';
import { organizationPageAnswer } from './wire.ts';

/** The most ids that the organization list takes, and the most users that it answers, at once. */
export const MAX_USER_IDS = 100;

/** The list has room for every id that is asked for, so one page is the rule. */
export const MAX_PAGES = 10;

/** How the list of the organization's people is asked: with the installation's own key. */
type Asking = Pick<
  ProviderRequest<{ organizationId?: string | undefined; accessKey?: string | undefined }>,
  'upstream' | 'settings' | 'scope'
>;

/** A page of those of these people whom the organization has. Without a token it is the first. */
export async function organizationPage(
  ids: readonly string[],
  pageToken: string,
  { upstream, settings, scope }: Asking,
) {
  const { organizationId, accessKey } = settings;
  if (!organizationId || !accessKey) throw new UpstreamError(upstream.name, 'not-configured');
  const query = new URLSearchParams(ids.map((id): [string, string] => ['userIds', id]));
  query.set('limit', String(MAX_USER_IDS));
  if (pageToken !== '') query.set('pageToken', pageToken);
  const path = `/organizations/${organizationId}/users?${query}`;
  const headers = { authorization: `AccessKey ${accessKey}` };
  const on = { ok: organizationPageAnswer };
  const call = { path, headers, credential: accessKey, batchSize: ids.length, on };
  return upstream.send(call, scope);
}

/**
 * Which of these people (at most `MAX_USER_IDS`) the organization has. Every page is read to the end, and nothing else
 * will do: rejects when one cannot be had, an entry cannot be read, or somebody is in it who was not asked for.
 */
export async function standingsOf(
  userIds: readonly string[],
  asking: Asking,
): Promise<ReadonlyMap<string, Standing>> {
  const standings = new Map<string, Standing>(userIds.map((id) => [id, 'absent']));
  const unusable = () => asking.upstream.unusable('results', 'a whole list of the users who were asked for');
  let next: string | null = '';
  for (let pages = 0; next !== null; pages += 1) {
    if (pages === MAX_PAGES) throw unusable();
    const { values, next: following }: Awaited<ReturnType<typeof organizationPage>> = await organizationPage(
      userIds,
      next,
      asking,
    );
    if (values.unreadable > 0 || values.items.some(({ id }) => !standings.has(id))) throw unusable();
    for (const { id, status } of values.items)
      standings.set(id, status === 'DELETED' ? 'deleted' : 'present');
    next = following;
  }
  return standings;
}
