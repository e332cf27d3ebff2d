import { useId } from 'react';
import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Moment } from '../ui/moment.tsx';

const AtomsCreditsFields = graphql(`
  fragment AtomsCredits on AtomsSubscription {
    currentCredits
    totalCredits
    renewalDate
  }
`);

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** What is left of the organization's credits at Atoms. */
export function AtomsCredits({ subscription }: { subscription: FragmentType<typeof AtomsCreditsFields> }) {
  const { currentCredits, totalCredits, renewalDate } = readFragment(AtomsCreditsFields, subscription);
  const labelId = useId();
  if (currentCredits === null) return null;
  const left = `${NUMBER.format(currentCredits)}${totalCredits === null ? '' : ` of ${NUMBER.format(totalCredits)}`}`;
  return (
    <>
      <p className="quiet" id={labelId}>
        {left} credits left
        {renewalDate !== null && (
          <>
            , renewed on <Moment at={renewalDate} />
          </>
        )}
      </p>
      {totalCredits !== null && totalCredits > 0 && (
        <meter aria-labelledby={labelId} min={0} max={totalCredits} value={currentCredits} />
      )}
    </>
  );
}
