import { type FragmentType, graphql, readFragment } from '../generated/index.ts';
import { Answered } from '../answer/answered.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { Pill } from '../ui/pill.tsx';
import { Section } from '../ui/section.tsx';
import { Plan } from './plan.tsx';
import { subscriptionWords } from './subscription-words.ts';

const BillingFields = graphql(`
  fragment Billing on User {
    billing {
      subscriptionStatus
      stripeStatus
      hasPaymentMethod
      lastPaymentAt
      nextCreditsRefreshAt
      activePlan {
        ...Plan
      }
    }
  }
`);

export function Billing({ user }: { user: FragmentType<typeof BillingFields> }) {
  const { billing } = readFragment(BillingFields, user);
  const status = billing?.subscriptionStatus ?? null;
  const { tone, label, meaning } = subscriptionWords(status);
  return (
    <Section title="Billing" at={['billing']}>
      {billing ? (
        <>
          <p className="state">
            <Pill tone={tone}>{label}</Pill> {meaning}
          </p>
          <Answered at={['billing', 'activePlan']} subject="Your plan">
            {billing.activePlan && <Plan plan={billing.activePlan} />}
          </Answered>
          <Facts>
            <Fact name="Stripe calls it">{status === 'UNKNOWN' && <code>{billing.stripeStatus}</code>}</Fact>
            <Fact name="Payment method">{onFile(billing.hasPaymentMethod)}</Fact>
            <Fact name="Last payment">{billing.lastPaymentAt && <Moment at={billing.lastPaymentAt} />}</Fact>
            <Fact name="Next credits">
              {billing.nextCreditsRefreshAt && <Moment at={billing.nextCreditsRefreshAt} />}
            </Fact>
          </Facts>
        </>
      ) : (
        <p className="quiet">You have no account at Insighto, or it is not linked.</p>
      )}
    </Section>
  );
}

function onFile(hasPaymentMethod: boolean | null): string | null {
  if (hasPaymentMethod === null) return null;
  return hasPaymentMethod ? 'On file' : 'None on file';
}
