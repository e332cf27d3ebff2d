import { describe } from 'vitest';
import { describeGateway } from '../../../test/gateway/suite.ts';
import { composeForHive } from '../supergraph.ts';
import { startHiveRouter } from './gateway.ts';

const binary = process.env['HIVE_ROUTER'];

describe.skipIf(binary === undefined)('where HIVE_ROUTER names the program', () => {
  describeGateway({
    name: 'Hive Router',
    startGateway: startHiveRouter(binary ?? ''),
    compose: composeForHive,
    facts: {
      indexesPaths: true,
      defers: false,
      mergesMutations: true,
      leavesTypes: ['join__ContextArgument', 'join__FieldValue'],
      wrongSecret: {
        message: 'Only the router is answered: send its secret as router-authorization.',
        extensions: { code: 'FORBIDDEN' },
      },
      subgraphDown: {
        message: 'Failed to send request to subgraph: client error (Connect)',
        extensions: { code: 'SUBREQUEST_HTTP_ERROR' },
      },
    },
  });
});
