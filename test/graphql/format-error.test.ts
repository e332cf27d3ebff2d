import { expect, test } from 'vitest';
import { formatError } from '../../src/graphql/format-error.ts';
import { LinkSealError, LinksUnavailableError } from '../../src/links/links.ts';

const userId = '00000000-0000-4000-8000-000000000ada';

test.each([
  [
    new LinkSealError({ userId, provider: 'atoms' }, 'its key (id 0123456789abcdef) is not configured'),
    {
      message: 'The link to this account cannot be used.',
      extensions: { code: 'PROVIDER_CREDENTIALS_REJECTED', provider: 'atoms', retryable: false },
    },
  ],
  [
    new LinksUnavailableError('ECONNREFUSED'),
    {
      message: 'The account links cannot be read or written at the moment.',
      extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'links', retryable: true },
    },
  ],
])('what only operators can repair is told without whose it is and why: %s', (error, told) => {
  const formatted = formatError({ message: error.message, path: ['me', 'billing'] }, error);
  expect(formatted).toEqual({ ...told, path: ['me', 'billing'] });
});
