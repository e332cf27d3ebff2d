import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { Pill } from '../ui/pill.tsx';
import { Section } from '../ui/section.tsx';

const OrganizationFields = graphql(`
  fragment Organization on User {
    organization {
      name
      domain
      iconUrl
      isDeleted
      createdAt
    }
  }
`);

export function Organization({ user }: { user: FragmentType<typeof OrganizationFields> }) {
  const { organization } = readFragment(OrganizationFields, user);
  return (
    <Section title="Organization" at={['organization']} subject="Your organization">
      {organization ? (
        <>
          <div className="person">
            <Avatar url={organization.iconUrl} name={organization.name} />
            <div>
              <p className="strong">{organization.name ?? 'Without a name'}</p>
              <p className="quiet">{organization.domain}</p>
            </div>
          </div>
          {organization.isDeleted && <Pill tone="bad">Marked as deleted</Pill>}
          <Facts>
            <Fact name="There since">{organization.createdAt && <Moment at={organization.createdAt} />}</Fact>
          </Facts>
        </>
      ) : (
        <p className="quiet">You belong to no organization at Ejento.</p>
      )}
    </Section>
  );
}
