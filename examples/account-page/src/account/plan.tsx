import { type FragmentType, graphql, readFragment } from '../generated/index.ts';

const PlanFields = graphql(`
  fragment Plan on BillingPlan {
    name
    description
    botsCount
    queriesCount
    wordsCount
    voiceSeconds
    credits
    creditsByKind {
      kind
      amount
    }
    hasPremiumSupport
  }
`);

/** What the person pays for. */
export function Plan({ plan }: { plan: FragmentType<typeof PlanFields> }) {
  const { name, description, hasPremiumSupport, ...amounts } = readFragment(PlanFields, plan);
  const contents = [
    counted(amounts.credits, 'credit'),
    ...(amounts.creditsByKind ?? []).map(({ kind, amount }) =>
      counted(amount, kind ? `${kind} credit` : 'credit'),
    ),
    counted(amounts.botsCount, 'bot'),
    counted(amounts.queriesCount, 'query', 'queries'),
    counted(amounts.wordsCount, 'word'),
    counted(amounts.voiceSeconds && amounts.voiceSeconds / 3600, 'hour of voice', 'hours of voice'),
    hasPremiumSupport ? 'premium support' : null,
  ].filter((part) => part !== null);
  return (
    <div className="plan">
      <p className="strong">{name ?? 'Your plan'}</p>
      {description !== null && <p className="quiet">{description}</p>}
      <ul className="tags">
        {contents.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </div>
  );
}

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

function counted(amount: number | null, one: string, many = `${one}s`): string | null {
  return amount === null || amount === 0 ? null : `${NUMBER.format(amount)} ${amount === 1 ? one : many}`;
}
