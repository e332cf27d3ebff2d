import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Avatar } from '../ui/avatar.tsx';

const ProjectFields = graphql(`
  fragment Project on Project {
    name
    members {
      id
      name
      avatarUrl
    }
  }
`);

/** So many people are shown at once; more have to be asked for. */
const FEW = 6;

/** A project and its people, each once. Of somebody whom nobody knows there is only the place. */
export function Project({ project }: { project: FragmentType<typeof ProjectFields> }) {
  const { name, members } = readFragment(ProjectFields, project);
  const people = [...new Map(members.flatMap((member) => (member ? [[member.id, member]] : []))).values()];
  const list = (
    <ul className="people">
      {people.map(({ id, name, avatarUrl }) => (
        <li key={id}>
          <Avatar url={avatarUrl} name={name} />
          {name ?? <span className="quiet">Name unknown</span>}
        </li>
      ))}
    </ul>
  );
  return (
    <div className="project">
      <h3>{name}</h3>
      {people.length > FEW ? (
        <details>
          <summary>{people.length} people</summary>
          {list}
        </details>
      ) : (
        list
      )}
    </div>
  );
}
