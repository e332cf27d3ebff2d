import { useEffect } from 'react';
import { useQuery } from 'urql';
import { AnswerProvider } from '../answer/answer.ts';
import { troublesOf } from '../answer/trouble.ts';
import { TroubleNotice } from '../answer/trouble-notice.tsx';
import { graphql } from '../generated/index.ts';
import { AccountHeader } from './account-header.tsx';
import { Billing } from './billing.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { LinkedAccounts } from './linked-accounts.tsx';
import { Organization } from './organization.tsx';
import { Profile } from './profile.tsx';
import { Projects } from './projects.tsx';
import { Sessions } from './sessions.tsx';

const AccountDocument = graphql(`
  query Account {
    me {
      id
      ...AccountHeader
      ...Profile
      ...Organization
      ...Billing
      ...Sessions
      ...LinkedAccounts
    }
  }
`);

interface AccountPageProps {
  onSignOut: () => void;
  /** The token turned out to be nobody's. */
  onRejected: () => void;
  onDeleted: (linksRemoved: boolean) => void;
}

/** The page of the person whose token it is. One operation asks for all of it; each section knows what it needs. */
export function AccountPage({ onSignOut, onRejected, onDeleted }: AccountPageProps) {
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: AccountDocument });
  const me = data?.me;
  const troubles = troublesOf(error);
  const everything = troubles.filter(({ path }) => path.length <= 1);
  const isRejected = !me && troubles.some(({ code }) => code === 'UNAUTHENTICATED');

  useEffect(() => {
    if (isRejected) onRejected();
  }, [isRejected, onRejected]);

  const answer = {
    root: 'me',
    data,
    troubles,
    isLoading: fetching || stale,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
  return (
    <AnswerProvider value={answer}>
      <AccountHeader user={me} onSignOut={onSignOut} />
      <main className="sections" aria-busy={fetching}>
        {!me && fetching && <p className="loading">Loading…</p>}
        {!isRejected && everything.length > 0 && (
          <section aria-label="What is missing">
            {everything.map((trouble) => (
              <TroubleNotice
                key={trouble.message}
                trouble={trouble}
                subject={me ? 'A part of this page' : 'Your account'}
              />
            ))}
          </section>
        )}
        {me && (
          <>
            <div className="column">
              <Profile user={me} />
              <Billing user={me} />
              <Projects />
            </div>
            <div className="column">
              <Organization user={me} />
              <Sessions user={me} />
              <LinkedAccounts user={me} />
            </div>
            <DeleteAccount onDeleted={onDeleted} />
          </>
        )}
      </main>
    </AnswerProvider>
  );
}
