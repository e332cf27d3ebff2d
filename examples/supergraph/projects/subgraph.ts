import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { serve } from '../serve.ts';

/** A project, as this subgraph keeps it. Of people and organizations it knows the ids and nothing else. */
interface Project {
  id: string;
  name: string;
  ownerId: string;
  memberIds: readonly string[];
  organizationId: string;
}

interface Reference {
  id: string;
}

const ada = '00000000-0000-4000-8000-000000000ada';
const grace = '00000000-0000-4000-8000-000000009ace';
const linus = '00000000-0000-4000-8000-000000000115';
const nobody = '00000000-0000-4000-8000-00000000dead';
const hundred = Array.from({ length: 100 }, (_, index) => `00000000-0000-4000-8000-${digits(1001 + index)}`);

const projects: readonly Project[] = [
  { id: '1', name: 'Engine', ownerId: ada, memberIds: [ada, grace, linus], organizationId: '1' },
  { id: '2', name: 'Census', ownerId: grace, memberIds: hundred, organizationId: '2' },
  // Somebody unknown in the middle, and somebody twice: a list keeps its order and its length.
  { id: '3', name: 'Compiler', ownerId: grace, memberIds: [grace, nobody, ada, grace], organizationId: '2' },
];

function digits(number: number): string {
  return String(number).padStart(12, '0');
}

const user = (id: string) => ({ __typename: 'User', id });

const resolvers = {
  Query: {
    projects: () => projects,
    project: (_: unknown, { id }: Reference) => projectOf(id),
  },
  Project: {
    __resolveReference: ({ id }: Reference) => projectOf(id),
    owner: ({ ownerId }: Project) => user(ownerId),
    members: ({ memberIds }: Project) => memberIds.map(user),
  },
  User: {
    projects: ({ id }: Reference) => projects.filter(({ memberIds }) => memberIds.includes(id)),
  },
  Organization: {
    projects: ({ id }: Reference) => projects.filter(({ organizationId }) => organizationId === id),
  },
};

function projectOf(id: string): Project | null {
  return projects.find((project) => project.id === id) ?? null;
}

/** The SDL of the subgraph. */
export const projectsSdl = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');

/**
 * A second subgraph, small on purpose: it refers to people by their key alone, and adds a field to `User` and one to
 * `Organization`. `seen` is told the headers of each request.
 */
export async function startProjects({
  port = 0,
  seen,
}: {
  port?: number;
  seen?: (headers: IncomingHttpHeaders) => void;
} = {}): Promise<{ url: string; stop(): Promise<void> }> {
  const apollo = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(projectsSdl), resolvers }]),
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const contextOf = (headers: IncomingHttpHeaders) => {
    seen?.(headers);
    return {};
  };
  const { url, stop } = await serve({ apollo, contextOf, port });
  return { url: `${url}/graphql`, stop };
}
