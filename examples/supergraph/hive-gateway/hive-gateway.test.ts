import { describeGateway } from '../../../test/gateway/suite.ts';
import { composeForHive } from '../supergraph.ts';
import { startHiveGateway } from './gateway.ts';

describeGateway({
  name: 'Hive Gateway',
  startGateway: startHiveGateway,
  compose: composeForHive,
  facts: {
    indexesPaths: false,
    defers: true,
    mergesMutations: false,
    leavesTypes: [],
    wrongSecret: {
      message: 'Only the router is answered: send its secret as router-authorization.',
      extensions: { code: 'FORBIDDEN' },
    },
    subgraphDown: { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
  },
});
