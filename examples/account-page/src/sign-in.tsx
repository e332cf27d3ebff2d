import { type FormEvent, useId } from 'react';
import { textOf } from './ui/text-of.ts';
import { useArrival } from './ui/use-arrival.ts';

/** People of the demo; a production build offers nobody. */
const DEMO_PEOPLE = import.meta.env.DEV
  ? [
      { name: 'Ada Lovelace', token: 'demo-ada', about: 'has everything, everywhere' },
      { name: 'Grace Hopper', token: 'demo-grace', about: 'is late with a payment' },
      { name: 'Linus Torvalds', token: 'demo-linus', about: 'has as little as possible' },
    ]
  : [];

/** Asks for a Bird login token. `because` tells somebody who was here already why they are asked again. */
export function SignIn({
  because,
  onSignIn,
}: {
  because: string | undefined;
  onSignIn: (token: string) => void;
}) {
  const heading = useArrival<HTMLHeadingElement>('Sign in');
  const [tokenId, hintId] = [useId(), useId()];

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pasted = textOf(new FormData(event.currentTarget), 'token').trim();
    // As a header it is pasted with the word in front.
    const token = pasted.replace(/^bearer\s+/i, '');
    if (token) onSignIn(token);
  };

  return (
    <main className="alone">
      <h1 ref={heading} tabIndex={-1}>
        Your account
      </h1>
      {because && (
        <p className="notice is-bad" role="alert">
          {because}
        </p>
      )}
      <form className="card stack" onSubmit={submit}>
        <div className="field">
          <label htmlFor={tokenId}>Bird login token</label>
          <p className="hint" id={hintId}>
            What you got when you logged in with Bird. It stays in this tab.
          </p>
          <input
            id={tokenId}
            name="token"
            type="password"
            autoComplete="off"
            aria-describedby={hintId}
            pattern="\s*([Bb]earer\s+)?[!-~]+\s*"
            title="Letters, digits and signs, without a blank or a … in between"
            required
          />
        </div>
        <button className="button is-primary">Sign in</button>
      </form>
      {DEMO_PEOPLE.length > 0 && (
        <section className="card stack" aria-labelledby="demo-people">
          <h2 id="demo-people">Or be somebody from the demo</h2>
          <ul className="choices">
            {DEMO_PEOPLE.map(({ name, token, about }) => (
              <li key={token}>
                <button className="choice" onClick={() => onSignIn(token)}>
                  <strong>{name}</strong> <span className="quiet">{about}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}
