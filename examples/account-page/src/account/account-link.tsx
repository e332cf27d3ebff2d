import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { useAnswer } from '../answer/answer.ts';
import { troublesOf } from '../answer/trouble.ts';
import { graphql } from '../generated/index.ts';
import type { LinkableProvider } from '../generated/graphql.ts';
import { Announcement } from '../ui/announcement.tsx';

// The user that is answered makes the page ask for the account anew.
const LinkAccountDocument = graphql(`
  mutation LinkAccount($input: LinkAccountInput!) {
    linkAccount(input: $input) {
      ... on LinkAccountSuccess {
        user {
          id
        }
      }
      ... on LinkAccountInvalid {
        fieldErrors {
          message
        }
      }
    }
  }
`);

const UnlinkAccountDocument = graphql(`
  mutation UnlinkAccount($input: UnlinkAccountInput!) {
    unlinkAccount(input: $input) {
      ... on UnlinkAccountSuccess {
        user {
          id
        }
      }
    }
  }
`);

interface AccountLinkProps {
  /** Which provider, for the graph and for people. */
  at: LinkableProvider;
  name: string;
  /** Told what has become of it, in a sentence. */
  onDone: (said: string) => void;
}

/** Takes the person's key at a provider, which is the proof that the account there is theirs. */
export function LinkAccount({ at, name, onDone }: AccountLinkProps) {
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const [{ fetching }, linkAccount] = useMutation(LinkAccountDocument);
  const { reload } = useAnswer();
  const input = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [inputId, problemId] = [useId(), useId()];

  useEffect(() => {
    if (isOpen) input.current?.focus();
  }, [isOpen]);

  const close = () => {
    if (fetching) return;
    if (problem) reload(); // It may have been linked all the same: the page shows what is.
    setProblem('');
    setOpen(false);
    queueMicrotask(() => opener.current?.focus());
  };
  const verify = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (fetching) return;
    const apiKey = input.current?.value.trim() ?? '';
    input.current?.focus();
    if (apiKey === '') return setProblem('Paste the key first.');
    const { data, error } = await linkAccount({ input: { provider: at, apiKey } });
    const answer = data?.linkAccount;
    if (answer?.__typename === 'LinkAccountSuccess') return onDone(`Your ${name} account is linked.`);
    const refused = answer?.__typename === 'LinkAccountInvalid' ? answer.fieldErrors[0]?.message : undefined;
    setProblem(refused ?? troublesOf(error)[0]?.message ?? 'There was no usable answer.');
  };

  if (!isOpen)
    return (
      <>
        <p className="quiet">Not linked</p>
        <button ref={opener} className="button is-small" onClick={() => setOpen(true)}>
          Link your {name} account…
        </button>
      </>
    );
  return (
    <form className="stack" onSubmit={verify} noValidate aria-label={`Link your ${name} account`}>
      <div className="field">
        <label htmlFor={inputId}>Your {name} API key</label>
        <p className="hint" id={`${inputId}-hint`}>
          {name} is asked whose key it is. It is kept encrypted, and shown to nobody.
        </p>
        <input
          ref={input}
          id={inputId}
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== ''}
          aria-describedby={problem ? `${inputId}-hint ${problemId}` : `${inputId}-hint`}
        />
        {problem && (
          <p id={problemId} className="error" role="alert">
            {problem}
          </p>
        )}
      </div>
      <div className="actions">
        <button className="button is-primary is-small" aria-disabled={fetching}>
          {fetching ? 'Verifying…' : 'Verify and link'}
        </button>
        <button type="button" className="button is-small" onClick={close} aria-disabled={fetching}>
          Cancel
        </button>
        <Announcement>{fetching && 'Verifying…'}</Announcement>
      </div>
    </form>
  );
}

/** Takes the link away again, once it is confirmed. */
export function UnlinkAccount({ at, name, onDone }: AccountLinkProps) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const [{ fetching }, unlinkAccount] = useMutation(UnlinkAccountDocument);
  const confirm = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (isAsking) confirm.current?.focus();
  }, [isAsking]);

  const keep = () => {
    setAsking(false);
    queueMicrotask(() => opener.current?.focus());
  };
  const unlink = async () => {
    if (fetching) return;
    const { data, error } = await unlinkAccount({ input: { provider: at } });
    if (data?.unlinkAccount) return onDone(`Your ${name} account is not linked any more.`);
    setProblem(troublesOf(error)[0]?.message ?? 'There was no usable answer.');
  };

  if (!isAsking)
    return (
      <button ref={opener} className="button is-small" onClick={() => setAsking(true)}>
        Unlink {name}…
      </button>
    );
  return (
    <div className="stack" role="group" aria-label={`Unlink ${name}`}>
      <p className="quiet">The account at {name} stays as it is. This page shows nothing of it any more.</p>
      {problem && (
        <p className="error" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <button ref={confirm} className="button is-danger is-small" onClick={unlink} aria-disabled={fetching}>
          {fetching ? 'Unlinking…' : `Unlink ${name}`}
        </button>
        <button className="button is-small" onClick={keep} aria-disabled={fetching}>
          Keep it
        </button>
      </div>
    </div>
  );
}
