/** An address that can be shown to others, in the form that browsers make of it; or what is wrong with it. */
export type AvatarUrl = { readonly url: string } | { readonly problem: string };

/** What a browser drops, turns or shows as something else: white space, controls, what changes direction or is not seen. */
const HIDDEN = /[\\\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * The address of a picture, which other people's programs show and load. Read as browsers read it (WHATWG URL), which is
 * not always as it looks: `https:///a.png` is the host `a.png`, a backslash is a slash, and what is before an `@` is
 * somebody's password, or made to look like the host.
 */
export function avatarUrl(text: string): AvatarUrl {
  if (!/^https?:/i.test(text)) return NOT_HTTP;
  if (HIDDEN.test(text))
    return {
      problem: 'An avatar address has no white space, no backslash and no invisible characters in it.',
    };
  const host = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (host === undefined || !URL.canParse(text)) return NOT_HTTP;
  if (host.includes('@')) return { problem: 'An avatar address has no user name and no password in it.' };
  const { href, hostname } = new URL(text);
  const isHost = /[a-z\d]/.test(hostname) && !/^\.|\.\./.test(hostname);
  return isHost ? { url: href } : NOT_HTTP;
}

const NOT_HTTP: AvatarUrl = { problem: 'An avatar is an absolute http or https URL.' };
