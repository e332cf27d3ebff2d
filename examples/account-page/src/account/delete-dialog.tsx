import { type FormEvent, type RefObject, type SyntheticEvent, useId, useState } from 'react';
import { useMutation } from 'urql';
import { useAnswer } from '../answer/answer.ts';
import { troublesOf } from '../answer/trouble.ts';
import { graphql } from '../generated/index.ts';
import { Announcement } from '../ui/announcement.tsx';

const DeleteAccountDocument = graphql(`
  mutation DeleteAccount {
    deleteMe {
      ... on DeleteMeAccepted {
        linksRemoved
      }
    }
  }
`);

/** What has to be typed before anything is deleted. */
const CONFIRMATION = 'delete';

interface DeleteDialogProps {
  ref: RefObject<HTMLDialogElement | null>;
  onDeleted: (linksRemoved: boolean) => void;
}

/** The last question. Cancelling and Escape leave everything as it is, and are no ways out once it is answered. */
export function DeleteDialog({ ref, onDeleted }: DeleteDialogProps) {
  const { reload } = useAnswer();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const [{ fetching }, deleteMe] = useMutation(DeleteAccountDocument);
  const [titleId, textId, inputId] = [useId(), useId(), useId()];
  const isConfirmed = typed.trim().toLowerCase() === CONFIRMATION;

  const keep = () => {
    if (!fetching) ref.current?.close();
  };
  const stay = (event: SyntheticEvent) => {
    if (fetching) event.preventDefault();
  };
  const forget = () => {
    setTyped('');
    if (problem) reload(); // It may have been deleted all the same: the page shows what is.
    setProblem('');
  };
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed || fetching) return;
    const { data, error } = await deleteMe({});
    if (data?.deleteMe) return onDeleted(data.deleteMe.linksRemoved);
    setProblem(troublesOf(error)[0]?.message ?? 'There was no usable answer.');
    if (!ref.current?.open) reload(); // Browsers let a second Escape through.
  };

  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={stay}
      onClose={forget}
    >
      <form className="stack" onSubmit={confirm}>
        <h2 id={titleId}>Delete your account for good?</h2>
        <div id={textId} className="stack">
          <p>
            Your profile and sessions at Bird go, and the links to your other accounts. The accounts at
            Ejento, Insighto and Atoms stay: what you pay there, you go on paying.
          </p>
        </div>
        <div className="field">
          <label htmlFor={inputId}>
            Type <kbd>{CONFIRMATION}</kbd> to confirm
          </label>
          <input
            id={inputId}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
        {problem && (
          <p className="notice is-bad" role="alert">
            <strong>There was a problem with deleting.</strong> {problem}
          </p>
        )}
        <div className="actions">
          <button className="button is-danger" disabled={!isConfirmed} aria-disabled={fetching}>
            {fetching ? 'Deleting…' : 'Delete my account'}
          </button>
          <button type="button" className="button" onClick={keep} aria-disabled={fetching}>
            Keep it
          </button>
          <Announcement>{fetching && 'Deleting…'}</Announcement>
        </div>
      </form>
    </dialog>
  );
}
