import { describeGateway } from '../../../test/gateway/suite.ts';
import { startApolloGateway } from './gateway.ts';

describeGateway({
  name: '@apollo/gateway',
  startGateway: startApolloGateway,
  facts: {
    indexesPaths: true,
    defers: false,
    mergesMutations: true,
    leavesTypes: [],
    wrongSecret: {
      message: 'Only the router is answered: send its secret as router-authorization.',
      extensions: { code: 'FORBIDDEN' },
    },
    subgraphDown: {
      message: 'A part of the graph could not be asked.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  },
});
