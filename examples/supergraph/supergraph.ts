import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { readSdl } from '../../src/schema.ts';
import { projectsSdl } from './projects/subgraph.ts';

/** Where each subgraph of the example answers. */
export interface SubgraphUrls {
  users: string;
  projects: string;
}

/** The subgraphs of the example, as a composer takes them. */
export function subgraphs(urls: SubgraphUrls) {
  return [
    { name: 'users', url: urls.users, typeDefs: parse(readSdl()) },
    { name: 'projects', url: urls.projects, typeDefs: parse(projectsSdl) },
  ];
}

/** The supergraph that a gateway is started with. Throws what does not fit together. */
export function composeSupergraph(urls: SubgraphUrls): string {
  const { supergraphSdl, errors } = composeServices(subgraphs(urls));
  if (supergraphSdl === undefined)
    throw new Error(`The subgraphs do not compose:\n${errors?.map(({ message }) => message).join('\n')}`);
  return supergraphSdl;
}
