import { z } from 'zod';
import { addressProblem } from '../http/address.ts';
import type { OperationScope } from '../http/call.ts';
import type { Upstream } from '../http/upstream.ts';
import type { Link, Linkable } from '../links/links.ts';
import type { Soon } from '../loading/soon.ts';

const HTTP = /^https?:\/\//i;

/** A provider's address in the settings: http or https, no credentials, no query. */
export const baseUrl = z
  .string()
  .refine((text) => HTTP.test(text) && addressProblem(text) === null && URL.canParse(text), {
    error: ({ input }) => {
      const text = String(input);
      if (!text.includes('://')) return 'must be an http(s) URL, beginning with https://';
      const problem = HTTP.test(text) ? addressProblem(text) : null;
      return `must be an http(s) URL${problem === null ? '' : `, and this one ${problem}`}`;
    },
    abort: true,
  })
  .refine(
    (text) => {
      const { username, password, search, hash } = new URL(text);
      return !username && !password && !search && !hash;
    },
    { error: 'must not carry credentials, a query or a fragment' },
  );

/** A secret of the settings; may also be given as the path of a file, in the setting of the same name with `_FILE`. */
export const secret = z
  .string()
  .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)?$/, { error: 'must be printable characters, as in an HTTP header' })
  .meta({ secret: true });

/** What one request lends to a provider. */
export interface ProviderRequest<Settings> {
  upstream: Upstream;
  settings: Settings;
  scope: OperationScope;
  /** Who is asking. */
  viewer: {
    /** The login token, null when none was sent. */
    token: string | null;
    /** The user id that the token belongs to, null when there is no token. */
    id(): Soon<string | null>;
    /** The same as far as it is remembered, undefined otherwise: nobody is asked. */
    rememberedId(): string | undefined;
    /** To be told whom Bird has just named as the token's owner. */
    remember(user: { id: string; status: string | Error | null }): void;
    /** To be told when the token belongs to somebody else than was thought: whose it is is asked anew. */
    forget(): void;
    /** Whether the token was refused in the last seconds: it need not be sent again. */
    readonly isRefused: boolean;
    /** To be told when the token is not taken. */
    refuse(): void;
  };
  /** The person's account at this provider, null when they have none. */
  linkOf(userId: string): Soon<Link | null>;
  /** The user that an account at this provider belongs to, null when it is nobody's. */
  userOf(externalId: string): Soon<string | null>;
  /** To be told that the provider does not take a person's own key, with the failure that says so or another. */
  keyFailed(userId: string, error: unknown): void;
}

/** A provider as the registry holds it: its own settings, its links, and how a request connects to it. */
export interface ProviderDefinition<Shape extends z.ZodRawShape, Verbs> {
  /** Names are derived: `accessKey` of `bird` is `BIRD_ACCESS_KEY`. When none is given, the provider is left out. */
  settings: z.ZodObject<Shape>;
  /** Absent where the user id itself is the provider's id. */
  linkable?: Linkable[string];
  /**
   * Asks the provider which account a person's own key belongs to: how they prove that it is theirs, and link it
   * themselves. Absent where nothing would be proved, because the provider answers about anybody.
   */
  accountOfKey?: AccountOfKey;
  /** Nobody can be identified without it: the service does not start unless it is configured. */
  isIdentity?: boolean;
  /** A request's own view of the provider: its verbs, with the caller's credentials and fresh loaders inside. */
  connect: (request: ProviderRequest<z.infer<z.ZodObject<Shape>>>) => Verbs;
}

/** The id of the account that a key belongs to. Rejects with `credentials-rejected` when the provider does not take it. */
export type AccountOfKey = (
  key: string,
  request: Pick<ProviderRequest<unknown>, 'upstream' | 'scope'>,
) => Promise<string>;

/** Infers a provider's settings into its `connect`. */
export function defineProvider<Shape extends z.ZodRawShape, Verbs>(
  definition: ProviderDefinition<Shape, Verbs>,
): ProviderDefinition<Shape, Verbs> {
  return definition;
}
