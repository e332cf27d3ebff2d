import { describe } from 'vitest';
import { describeGateway } from '../../../test/gateway/suite.ts';
import { startApolloRouter } from './gateway.ts';

const binary = process.env['APOLLO_ROUTER'];

describe.skipIf(binary === undefined)('where APOLLO_ROUTER names the program', () => {
  describeGateway({
    name: 'Apollo Router',
    startGateway: startApolloRouter(binary ?? ''),
    facts: {
      indexesPaths: true,
      defers: true,
      mergesMutations: true,
      leavesTypes: [],
      wrongSecret: {
        message: "HTTP fetch failed from 'users': 403: Forbidden",
        extensions: { code: 'SUBREQUEST_HTTP_ERROR' },
      },
      subgraphDown: {
        message: "HTTP fetch failed from 'users': HTTP fetch failed from 'users': tcp connect error",
        extensions: { code: 'SUBREQUEST_HTTP_ERROR' },
      },
    },
  });
});
