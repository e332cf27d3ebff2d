/** Names that lead to this machine or its network, and the address literals that may. */
const NEAR = /^(localhost|.*\.(localhost|local|internal|lan|home\.arpa)|[^.]+)$/;
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/;

/**
 * The address of somebody's picture, if a page may load it: whoever has a profile chooses it, and every page that shows
 * them asks for it. So over https only, and from nowhere that a browser reaches and the internet does not.
 */
export function pictureAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, hostname, username, password, href } = new URL(url);
  const isNear = NEAR.test(hostname.replace(/\.$/, '')) || ADDRESS.test(hostname);
  return protocol === 'https:' && !isNear && username === '' && password === '' ? href : null;
}
