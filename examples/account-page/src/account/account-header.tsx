import { useAnswer } from '../answer/answer.ts';
import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { useArrival } from '../ui/use-arrival.ts';

const AccountHeaderFields = graphql(`
  fragment AccountHeader on User {
    name
  }
`);

interface AccountHeaderProps {
  user: FragmentType<typeof AccountHeaderFields> | null | undefined;
  onSignOut: () => void;
}

export function AccountHeader({ user, onSignOut }: AccountHeaderProps) {
  const person = readFragment(AccountHeaderFields, user);
  const heading = useArrival<HTMLHeadingElement>('Your account');
  const { isLoading } = useAnswer();
  return (
    <header className="bar">
      <h1 ref={heading} tabIndex={-1}>
        Your account
      </h1>
      <p className="who" role="status">
        {isLoading ? 'Loading…' : person?.name}
      </p>
      <button className="button is-small" onClick={onSignOut}>
        Sign out
      </button>
    </header>
  );
}
