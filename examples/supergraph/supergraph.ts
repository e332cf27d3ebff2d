import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { readSdl } from '../../src/graphql/schema.ts';
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

/** The supergraph that a gateway is started with, by Apollo's composer. Throws what does not fit together. */
export function composeSupergraph(urls: SubgraphUrls): string {
  return composed(composeWithApollo(subgraphs(urls)));
}

/** The same by The Guild's composer, which Hive has. */
export function composeForHive(urls: SubgraphUrls): string {
  return composed(composeWithTheGuild(subgraphs(urls)));
}

function composed({
  supergraphSdl,
  errors,
}: {
  supergraphSdl?: string | undefined;
  errors?: { message: string }[] | undefined;
}): string {
  if (supergraphSdl !== undefined) return supergraphSdl;
  throw new Error(`The subgraphs do not compose:\n${errors?.map(({ message }) => message).join('\n')}`);
}
