import type { SubscriptionStatus } from '../generated/graphql.ts';
import type { Tone } from '../ui/pill.tsx';

/** How a state is told to the person whose subscription it is. */
interface StatusWords {
  tone: Tone;
  label: string;
  /** What it means for them, and what to do about it if anything. */
  meaning: string;
}

/** One for each state of the schema: a state without words does not compile. */
const WORDS: Readonly<Record<SubscriptionStatus, StatusWords>> = {
  ACTIVE: {
    tone: 'good',
    label: 'Active',
    meaning: 'Your subscription is paid for. There is nothing to do.',
  },
  TRIALING: {
    tone: 'info',
    label: 'Trial',
    meaning: 'You are trying it out: you can use everything and have not paid yet.',
  },
  INCOMPLETE: {
    tone: 'warning',
    label: 'First payment missing',
    meaning:
      'Your first payment has not gone through. Pay within 23 hours of subscribing, or it ends unused.',
  },
  INCOMPLETE_EXPIRED: {
    tone: 'quiet',
    label: 'Never started',
    meaning: 'Your first payment did not arrive in time. You were not charged; subscribe again to start.',
  },
  PAST_DUE: {
    tone: 'warning',
    label: 'Payment overdue',
    meaning: 'Your latest invoice is not paid. Check your means of payment: the payment may be tried again.',
  },
  UNPAID: {
    tone: 'bad',
    label: 'Unpaid',
    meaning: 'Your latest invoice is still not paid, and the payment is not tried any more. Pay it to go on.',
  },
  PAUSED: {
    tone: 'warning',
    label: 'Paused',
    meaning:
      'Your trial ended without a means of payment. Add one and resume; until then you are not billed.',
  },
  CANCELED: {
    tone: 'quiet',
    label: 'Ended',
    meaning: 'Your subscription was canceled and is over. To come back, subscribe again.',
  },
  UNKNOWN: {
    tone: 'quiet',
    label: 'Unclear',
    meaning: 'Your subscription is in a state that this page does not know. Do not count on it being active.',
  },
};

/** For billing without Stripe, which has no state. */
const WITHOUT_SUBSCRIPTION: StatusWords = {
  tone: 'quiet',
  label: 'No subscription',
  meaning: 'You have no subscription that is paid through Stripe.',
};

/** Also of a state that the gateway has learnt since this page was built. */
export function subscriptionWords(status: SubscriptionStatus | null): StatusWords {
  return status === null ? WITHOUT_SUBSCRIPTION : (WORDS[status] ?? WORDS.UNKNOWN);
}
