import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { openFrontDoor } from './front-door.ts';

const audits = serverAudits({ url: '' });

test.each(audits.map(({ id, name }) => [id, name]))('GraphQL over HTTP %s: %s', async (id) => {
  const door = await openFrontDoor();
  const audit = serverAudits({ url: `${door.url}/graphql` }).find((candidate) => candidate.id === id);
  const result = await audit?.fn();
  expect(result?.status, JSON.stringify(result)).not.toBe('error');
});
