import type { SupergraphSettings } from '../../examples/supergraph/start.ts';

/** In what gateways differ. */
export interface Facts {
  /** Whether the path of an error in a list says which element it is about. */
  indexesPaths: boolean;
  /** Whether it answers `@defer` in parts; otherwise it refuses the operation. */
  defers: boolean;
  /** Whether two mutation fields reach the subgraph in one operation, which it refuses, or one after the other. */
  mergesMutations: boolean;
  /** The types of federation that introspection tells of, by name. */
  leavesTypes: string[];
  /** The error of a client whose gateway does not know the secret. */
  wrongSecret: ToldError;
  /** The error of a client when the whole subgraph cannot be reached. */
  subgraphDown: ToldError;
}

interface ToldError {
  message: string;
  extensions?: { code: string };
}

/** The path of an error, as a gateway tells it. */
export function pathAs(facts: Facts, path: (string | number)[]): (string | number)[] {
  return facts.indexesPaths ? path : path.filter((step) => typeof step === 'string');
}

/** A gateway, and who composes for it. */
export interface GatewayUnderTest extends Pick<SupergraphSettings, 'startGateway' | 'compose'> {
  name: string;
  facts: Facts;
}
