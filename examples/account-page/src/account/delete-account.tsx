import { useRef } from 'react';
import { Card } from '../ui/section.tsx';
import { DeleteDialog } from './delete-dialog.tsx';

/** Explains what deleting means, and opens the dialog that asks once more. */
export function DeleteAccount({ onDeleted }: { onDeleted: (linksRemoved: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <Card title="Delete your account">
      <p className="quiet">
        Bird deletes your account, and its links to Ejento, Insighto and Atoms are removed. There is no way
        back.
      </p>
      <button className="button is-danger" onClick={() => dialog.current?.showModal()}>
        Delete account…
      </button>
      <DeleteDialog ref={dialog} onDeleted={onDeleted} />
    </Card>
  );
}
