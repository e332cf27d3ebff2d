import { canonicalId, USER_ID, type Linkable } from './link.ts';

/** What a line of an import asks for. Without `secret`, the stored one stays; null means there is none. */
export interface LinkLine {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
  readonly secret?: string | null;
}

/** Why a line is refused. Never repeats the line: it may hold a secret, even in the wrong place. */
export class LineRejected extends Error {}

const FIELDS = new Set(['userId', 'provider', 'externalId', 'secret']);

/** Secrets travel in headers and query strings. */
const SECRET = /^[\x21-\x7e]{1,4096}$/;

/** Reads one line of NDJSON. Throws LineRejected with the reason in plain words. */
export function decodeLinkLine(text: string, linkable: Linkable): LinkLine {
  const fields = objectOf(text);
  const line = checkedLink(fields, linkable);
  if (hasFieldTwice(text, fields)) throw new LineRejected('has a field twice');
  return line;
}

/** What may be linked, whoever asks for it. Throws LineRejected. */
export function checkedLink(fields: LineFields, linkable: Linkable): LinkLine {
  const { provider, secret } = fields;
  const [userId, externalId] = [canonical(fields.userId), canonical(fields.externalId)];
  if (typeof userId !== 'string' || !USER_ID.test(userId)) throw new LineRejected('userId must be a UUID');
  if (typeof provider !== 'string' || !Object.hasOwn(linkable, provider)) {
    throw new LineRejected(`provider must be one of ${Object.keys(linkable).join(', ')}`);
  }
  const rules = linkable[provider];
  if (typeof externalId !== 'string' || !rules?.externalId.test(externalId)) {
    throw new LineRejected(
      `externalId must be a text that is a user id of ${provider}, of the form ${rules?.externalId.source}`,
    );
  }
  if (secret === undefined) return { userId, provider, externalId };
  if (secret === null) {
    if (rules.secret === 'required')
      throw new LineRejected(`a link to ${provider} needs the person's secret`);
    return { userId, provider, externalId, secret };
  }
  if (rules.secret === 'none') throw new LineRejected(`a link to ${provider} takes no secret`);
  if (typeof secret !== 'string' || !SECRET.test(secret)) {
    throw new LineRejected('secret must be a text of 1 to 4096 printable ASCII characters without spaces');
  }
  return { userId, provider, externalId, secret };
}

const canonical = (id: unknown) => (typeof id === 'string' ? canonicalId(id) : id);

type LineFields = { readonly [field in keyof LinkLine]?: unknown };

function objectOf(text: string): LineFields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LineRejected('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LineRejected('not a JSON object');
  }
  if (!Object.keys(value).every((field) => FIELDS.has(field))) {
    throw new LineRejected(`has a field other than ${[...FIELDS].join(', ')}`);
  }
  return value;
}

const QUOTE = 0x22;

/** Whether a field is there twice, of which the last would silently count. All values are texts or null. */
function hasFieldTwice(text: string, fields: LineFields): boolean {
  let quotes = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === QUOTE) quotes += 1;
  const values = Object.values(fields);
  const expected = 2 * (values.length + values.filter((value) => value !== null).length);
  if (quotes === expected) return false;
  // There are more: in texts, or of a field that is there twice.
  const names = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined);
  return names.length > values.length;
}
