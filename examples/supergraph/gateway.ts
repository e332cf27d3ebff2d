/** What every gateway of the example is started with. */
export interface GatewaySettings {
  supergraphSdl: string;
  /** Proves to the users subgraph that a request comes from the gateway. */
  routerSecret: string;
  /** 0 for any that is free. */
  port: number;
}

/** A gateway that answers at `${url}/graphql`. */
export interface RunningGateway {
  url: string;
  stop(): Promise<void>;
}

export type StartGateway = (settings: GatewaySettings) => Promise<RunningGateway>;
