import { useMemo, useState } from 'react';
import { Provider } from 'urql';
import { AccountPage } from './account/account-page.tsx';
import { openClient } from './client.ts';
import { Goodbye } from './goodbye.tsx';
import { forgetToken, keepToken, keptToken } from './session.ts';
import { SignIn } from './sign-in.tsx';

/** Who is here: somebody with a token, nobody (and why), or somebody who has just deleted their account. */
type Presence =
  | { is: 'signed-in'; token: string }
  | { is: 'signed-out'; because?: string }
  | { is: 'deleted'; linksRemoved: boolean };

const REJECTED = 'Bird does not accept this login token, or no longer. Log in with Bird and use the new one.';

export function App() {
  const [presence, setPresence] = useState<Presence>(() => {
    const token = keptToken();
    return token === null ? { is: 'signed-out' } : { is: 'signed-in', token };
  });
  const token = presence.is === 'signed-in' ? presence.token : null;
  const client = useMemo(() => token !== null && openClient(token), [token]);

  const enter = (token: string) => {
    keepToken(token);
    setPresence({ is: 'signed-in', token });
  };
  /** What comes late, about somebody who has left already, changes nothing for whoever is here now. */
  const leave = (next: Presence) => {
    if (keptToken() !== token) return;
    forgetToken();
    setPresence(next);
  };

  if (client) {
    return (
      <Provider value={client}>
        <AccountPage
          onSignOut={() => leave({ is: 'signed-out' })}
          onRejected={() => leave({ is: 'signed-out', because: REJECTED })}
          onDeleted={(linksRemoved) => leave({ is: 'deleted', linksRemoved })}
        />
      </Provider>
    );
  }
  if (presence.is === 'deleted') {
    return <Goodbye linksRemoved={presence.linksRemoved} onLeave={() => setPresence({ is: 'signed-out' })} />;
  }
  return <SignIn because={presence.is === 'signed-out' ? presence.because : undefined} onSignIn={enter} />;
}
