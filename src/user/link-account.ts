import type {
  FieldError,
  LinkableProvider,
  LinkAccountInput,
  ResolversParentTypes,
  UnlinkAccountInput,
} from '../generated/resolvers.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { ProviderName } from '../providers/registry.ts';
import { CallerError } from '../request/caller-error.ts';
import type { Context } from '../request/context.ts';

type LinkAccountResult = ResolversParentTypes['LinkAccountResult'];
type UnlinkAccountResult = ResolversParentTypes['UnlinkAccountResult'];

/** The graph's names of the providers where an account can be proved. */
const PROVIDER = { INSIGHTO: 'insighto', ATOMS: 'atoms' } as const satisfies Record<
  LinkableProvider,
  ProviderName
>;

/** Nobody would be left to remove it. */
const DELETED = new CallerError(
  'FORBIDDEN',
  'This account is deleted: nothing can be linked to it any more.',
);

/** What can be sent as a key: in a header, and in a query. */
const KEY = /^[\x21-\x7e]{1,512}$/;

/**
 * Links the viewer's account at a provider, once the provider has said whose the key is. The key goes to the provider
 * and, sealed, into the store, and nowhere else. A provider that cannot be asked changes nothing.
 */
export async function linkAccount(
  { provider: named, apiKey }: LinkAccountInput,
  { viewer, accounts, operation }: Context,
): Promise<LinkAccountResult> {
  const provider = PROVIDER[named];
  const { id: userId, status } = await viewer.identifyAfresh(); // what is remembered of a token is not enough for a change
  if (status === 'DELETED') throw DELETED;
  const key = apiKey.trim();
  if (!KEY.test(key)) return invalid('apiKey', 'A key is one word of at most 512 printable characters.');
  if (!accounts.mayTry(userId))
    return invalid('input', 'These were many tries within a minute. Wait one, then try again.');

  const externalId = await accounts.ofKey(provider, key, operation).catch((error: unknown) => {
    if (error instanceof UpstreamError && error.failure === 'credentials-rejected') return null;
    throw error;
  });
  if (externalId === null)
    return invalid(
      'apiKey',
      'The provider does not take this key: it is mistyped, taken back or another product’s, or a limit is reached.',
    );

  const outcome = await accounts.link({ userId, provider, externalId, secret: key });
  if (outcome === 'taken')
    return invalid('apiKey', 'The account of this key is linked to somebody already. Unlink it there first.');
  return { __typename: 'LinkAccountSuccess', user: { id: userId } };
}

/** Removes the viewer's link at a provider, with the key that is stored in it. */
export async function unlinkAccount(
  { provider: named }: UnlinkAccountInput,
  { viewer, accounts }: Context,
): Promise<UnlinkAccountResult> {
  const provider = PROVIDER[named];
  const { id: userId } = await viewer.identifyAfresh();
  await accounts.unlink(userId, provider);
  return { __typename: 'UnlinkAccountSuccess', user: { id: userId } };
}

function invalid(field: FieldError['field'], message: string): LinkAccountResult {
  return { __typename: 'LinkAccountInvalid', fieldErrors: [{ field, message }] };
}
