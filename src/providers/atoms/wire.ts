import { type Decode, DecodeError, fields } from '../../http/decode.ts';

const user = fields((from) => ({
  id: from.id('_id'),
  email: from.text('userEmail'),
  firstName: from.text('firstName'),
  lastName: from.text('lastName'),
  authProvider: from.text('authProvider'),
  isEmailVerified: from.boolean('isEmailVerified'),
  organizationId: from.reference('organizationId'),
}));

const subscription = fields((from) => ({
  id: from.id('_id'),
  organizationId: from.reference('organization'),
  planId: from.reference('planId'),
  totalCredits: from.number('totalCredits'),
  currentCredits: from.number('currentCredits'),
  renewalDate: from.time('renewalDate'),
  isActive: from.boolean('subscriptionActive'),
  isOnPremEnabled: from.boolean('onPremEnabled'),
}));

/** An Atoms user, and whose they are: the subscription behind them is another call. */
export type AtomsUser = ReturnType<typeof user> & { userId: string };
/** The subscription of the organization that an Atoms user belongs to. */
export type AtomsSubscription = ReturnType<typeof subscription>;

/** `{status, data}`. A false status or missing data is a failure even with HTTP 200 (the vendor's own CLI checks). */
const inData = <T>(decode: Decode<T>) =>
  fields((from) => {
    if (from.isFalse('status')) throw new DecodeError('status', 'true');
    return from.required('data', decode);
  });

/** `GET /user`. */
export const userAnswer = inData(user);
/** `GET /user/subscription`. */
export const subscriptionAnswer = inData(subscription);
