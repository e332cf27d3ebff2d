import type { Soon } from '../loading/soon.ts';
import type { Links } from './link.ts';

/** The same links, with what is asked of them done by `timed`. */
export function timedLinks(links: Links, timed: <T>(work: () => Soon<T>) => Soon<T>): Links {
  return {
    isRemote: links.isRemote,
    of: (userIds, provider) => timed(() => links.of(userIds, provider)),
    usersOf: (provider, externalIds) => timed(() => links.usersOf(provider, externalIds)),
    link: async (link) => timed(() => links.link(link)),
    secretRejected: (link) => links.secretRejected(link),
    unlink: async (userId, provider) => timed(() => links.unlink(userId, provider)),
    removeAll: async (userId) => timed(() => links.removeAll(userId)),
    close: () => links.close(),
  };
}
