import { type ReactNode, useRef, useState } from 'react';
import { Answered } from '../answer/answered.tsx';
import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Moment } from '../ui/moment.tsx';
import { Pill } from '../ui/pill.tsx';
import { Card } from '../ui/section.tsx';
import type { LinkableProvider } from '../generated/graphql.ts';
import { LinkAccount, UnlinkAccount } from './account-link.tsx';
import { AtomsCredits } from './atoms-credits.tsx';

const LinkedAccountsFields = graphql(`
  fragment LinkedAccounts on User {
    ejentoAccount {
      email
      isActive
      joinedAt
    }
    insightoAccount {
      email
      isActive
      isEnterprise
    }
    atomsAccount {
      email
      isEmailVerified
      subscription {
        ...AtomsCredits
      }
    }
  }
`);

/** The person's accounts at the other providers. Each is asked by itself, so each can be missing by itself. */
export function LinkedAccounts({ user }: { user: FragmentType<typeof LinkedAccountsFields> }) {
  const { ejentoAccount, insightoAccount, atomsAccount } = readFragment(LinkedAccountsFields, user);
  const [said, setSaid] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  /** What was stood on is gone with the form: on to what is said of it. */
  const tell = (text: string) => {
    setSaid(text);
    status.current?.focus();
  };
  return (
    <Card title="Linked accounts">
      <ul className="rows">
        <LinkedAccount at="ejentoAccount" provider="Ejento" onDone={tell} account={ejentoAccount}>
          {ejentoAccount?.joinedAt && (
            <p className="quiet">
              Joined on <Moment at={ejentoAccount.joinedAt} />
            </p>
          )}
        </LinkedAccount>
        <LinkedAccount
          at="insightoAccount"
          provider="Insighto"
          linkable="INSIGHTO"
          onDone={tell}
          account={insightoAccount}
        >
          {insightoAccount?.isEnterprise && <p className="quiet">Enterprise account</p>}
        </LinkedAccount>
        <LinkedAccount
          at="atomsAccount"
          provider="Atoms"
          linkable="ATOMS"
          onDone={tell}
          account={atomsAccount}
        >
          {atomsAccount?.isEmailVerified === false && <p className="quiet">E-mail address not verified</p>}
          <Answered at={['atomsAccount', 'subscription']} subject="The Atoms subscription">
            {atomsAccount?.subscription && <AtomsCredits subscription={atomsAccount.subscription} />}
          </Answered>
        </LinkedAccount>
      </ul>
      <p ref={status} className="status" role="status" tabIndex={-1}>
        {said}
      </p>
    </Card>
  );
}

interface LinkedAccountProps {
  at: string;
  provider: string;
  /** Absent where people cannot link an account themselves. */
  linkable?: LinkableProvider;
  onDone: (said: string) => void;
  account: { email: string | null; isActive?: boolean | null } | null;
  children: ReactNode;
}

function LinkedAccount({ at, provider, linkable, onDone, account, children }: LinkedAccountProps) {
  return (
    <li>
      <div className="row">
        <h3>{provider}</h3>
        {account?.isActive === false && <Pill tone="warning">Not active</Pill>}
      </div>
      <Answered at={[at]} subject={`Your ${provider} account`}>
        {account ? (
          <>
            <p className="breakable">{account.email}</p>
            {children}
            {linkable && <UnlinkAccount at={linkable} name={provider} onDone={onDone} />}
          </>
        ) : linkable ? (
          <LinkAccount at={linkable} name={provider} onDone={onDone} />
        ) : (
          <p className="quiet">Not linked. Whoever runs this service links it.</p>
        )}
      </Answered>
    </li>
  );
}
