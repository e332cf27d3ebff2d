import { useQuery } from 'urql';
import { AnswerProvider } from '../answer/answer.ts';
import { troublesOf } from '../answer/trouble.ts';
import { TroubleNotice } from '../answer/trouble-notice.tsx';
import { graphql } from '../generated/index.ts';
import { Section } from '../ui/section.tsx';
import { Project } from './project.tsx';

const ProjectsDocument = graphql(`
  query Projects {
    me {
      id
      projects {
        id
        ...Project
      }
    }
  }
`);

/**
 * What the person works on, and with whom: from another subgraph, with people from this one. Asked by itself, so that
 * the rest of the page does not wait for that subgraph.
 */
export function Projects() {
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: ProjectsDocument });
  const projects = data?.me?.projects;
  // Where there is no list, whatever went wrong is about the list: a gateway does not always say of which field.
  const troubles = troublesOf(error).map((trouble) =>
    projects ? trouble : { ...trouble, path: ['me', 'projects'] },
  );
  // Many people, but one reason: it is told once.
  const peopleTrouble = troubles.find(({ path }) => path.includes('members'));
  const answer = {
    root: 'me',
    data,
    troubles,
    isLoading: fetching || stale,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
  return (
    <AnswerProvider value={answer}>
      <Section title="Projects" at={['projects']} subject="The list of your projects">
        {peopleTrouble && <TroubleNotice trouble={peopleTrouble} subject="A part of the list of people" />}
        {projects?.map((project) => (
          <Project key={project.id} project={project} />
        ))}
        {projects?.length === 0 && <p className="quiet">You are a member of no project.</p>}
        {!projects && <p className="quiet">Loading…</p>}
      </Section>
    </AnswerProvider>
  );
}
