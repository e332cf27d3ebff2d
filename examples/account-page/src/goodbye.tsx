import { useArrival } from './ui/use-arrival.ts';

/** What somebody sees once Bird has accepted to delete their account. */
export function Goodbye({ linksRemoved, onLeave }: { linksRemoved: boolean; onLeave: () => void }) {
  const heading = useArrival<HTMLHeadingElement>('Account deleted');
  return (
    <main className="alone">
      <h1 ref={heading} tabIndex={-1}>
        Your account is being deleted
      </h1>
      <div className="card stack">
        <p>Bird has accepted the deletion and carries it out in its own time. You are signed out.</p>
        <p>
          {linksRemoved
            ? 'The links to your accounts at Ejento, Insighto and Atoms are removed.'
            : 'The links to your accounts at Ejento, Insighto and Atoms are still to be removed. Whoever runs this service has been told, and you need not do anything.'}{' '}
          Those accounts themselves still exist.
        </p>
        <button className="button" onClick={onLeave}>
          Sign in as somebody else
        </button>
      </div>
    </main>
  );
}
