import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Moment } from '../ui/moment.tsx';
import { Section } from '../ui/section.tsx';
import { deviceOf } from './device.ts';

const SessionsFields = graphql(`
  fragment Sessions on User {
    sessions {
      id
      ip
      userAgent
      city
      region
      country
      createdAt
    }
  }
`);

export function Sessions({ user }: { user: FragmentType<typeof SessionsFields> }) {
  const { sessions } = readFragment(SessionsFields, user);
  return (
    <Section title="Sessions" at={['sessions']} subject="The list of your sessions">
      {sessions && sessions.length > 0 ? (
        <>
          <p className="quiet">
            Where you are logged in with Bird, this browser among them; Bird does not say which it is. If you
            do not recognise one, change how you log in at Bird: that is where sessions are ended.
          </p>
          <ul className="rows">
            {sessions.map(({ id, ip, userAgent, city, region, country, createdAt }) => (
              <li key={id}>
                <p className="strong" title={userAgent ?? undefined}>
                  {deviceOf(userAgent)}
                </p>
                <p className="quiet">
                  {[city, region, country].filter(Boolean).join(', ') || 'Unknown place'}
                </p>
                {createdAt && (
                  <p className="quiet">
                    Since <Moment at={createdAt} withTime />
                  </p>
                )}
                {ip !== null && <p className="quiet">{ip}</p>}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="quiet">Bird lists no sessions of yours.</p>
      )}
    </Section>
  );
}
