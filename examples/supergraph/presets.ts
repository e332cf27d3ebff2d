import { type Preset, userPresets } from '../../src/explorer/presets.ts';

/** What the explorer of the supergraph has ready: joins over both subgraphs, then the operations on people alone. */
export async function supergraphPresets(): Promise<Preset[]> {
  const headers = { authorization: 'Bearer demo-ada' };
  return [
    {
      name: 'MyProjects',
      document: `query MyProjects {
  me {
    name
    billing {
      subscriptionStatus
    }
    projects {
      name
      members {
        name
        organization {
          name
        }
      }
    }
  }
}`,
      variables: {},
      headers,
    },
    {
      name: 'ProjectMembers',
      document: `# Project 2 has a hundred members.
query ProjectMembers($id: ID!) {
  project(id: $id) {
    name
    owner {
      name
    }
    members {
      id
      name
      organization {
        name
        projects {
          name
        }
      }
    }
  }
}`,
      variables: { id: '2' },
      headers,
    },
    ...(await userPresets()),
  ];
}
