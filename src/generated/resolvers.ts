import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserRef } from '../request/user-ref.ts';
import type { BirdEmail, BirdPhoneNumber, BirdIdentity, BirdSession } from '../providers/bird/wire.ts';
import type { EjentoOrganization, EjentoAccount as ReadEjentoAccount } from '../providers/ejento/wire.ts';
import type { InsightoBilling, BillingPlan as ReadBillingPlan, PlanCredits as ReadPlanCredits, InsightoAccount as ReadInsightoAccount } from '../providers/insighto/wire.ts';
import type { AtomsUser, AtomsSubscription as ReadAtomsSubscription } from '../providers/atoms/wire.ts';
import type { Context } from '../request/context.ts';
export type Maybe<T> = T | null | Error;
export type InputMaybe<T> = T | null;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A moment, as RFC 3339 text in UTC: `2024-05-01T10:00:00.123456Z`. The fraction of a second has as many digits
   * as the provider gave, from none to nine. Times that a provider gives without a zone are read as UTC, and dates
   * without a time as midnight. What providers write for no time at all, such as the first day of the year 1, is null.
   */
  DateTime: { input: string; output: string; }
};

/** A person's voice account at Atoms. Private: for the person and operators. */
export type AtomsAccount = {
  __typename?: 'AtomsAccount';
  /** How the person logs in to Atoms, in Atoms' own words, such as `google`. Private. */
  authProvider: Maybe<Scalars['String']['output']>;
  /** The e-mail address of the account. Private. */
  email: Maybe<Scalars['String']['output']>;
  /** The first name. Private. */
  firstName: Maybe<Scalars['String']['output']>;
  /** Atoms' id of the person. Private. */
  id: Scalars['ID']['output'];
  /** Whether Atoms has verified the e-mail address. Private. */
  isEmailVerified: Maybe<Scalars['Boolean']['output']>;
  /** The last name. Private. */
  lastName: Maybe<Scalars['String']['output']>;
  /**
   * Atoms' id of the organization that the person belongs to there; not an `Organization.id`, which is
   * Ejento's. Private.
   */
  organizationId: Maybe<Scalars['String']['output']>;
  /**
   * The subscription of the organization that the person's key for Atoms belongs to, not the person's own. Somebody can
   * be in several organizations there, so that its `organizationId` may be another than the account's. Atoms is asked for
   * it separately, so it can fail by itself. Private.
   */
  subscription: Maybe<AtomsSubscription>;
};

/**
 * What an organization has subscribed to at Atoms; everybody in it shares it. Private here: for the person
 * through whom it is read and operators.
 */
export type AtomsSubscription = {
  __typename?: 'AtomsSubscription';
  /** How many Atoms credits the organization has left. Private. */
  currentCredits: Maybe<Scalars['Float']['output']>;
  /** Atoms' id of the subscription. Private. */
  id: Scalars['ID']['output'];
  /** Whether the subscription is active. Private. */
  isActive: Maybe<Scalars['Boolean']['output']>;
  /** Whether on-premises use of Atoms is enabled for the organization. Private. */
  isOnPremEnabled: Maybe<Scalars['Boolean']['output']>;
  /** Atoms' id of the organization that it belongs to. Private. */
  organizationId: Maybe<Scalars['String']['output']>;
  /** Atoms' id of the plan. Private. */
  planId: Maybe<Scalars['String']['output']>;
  /** When the subscription is to be renewed. Private. */
  renewalDate: Maybe<Scalars['DateTime']['output']>;
  /** How many Atoms credits the organization has in total. Private. */
  totalCredits: Maybe<Scalars['Float']['output']>;
};

/**
 * The state of a person's subscription to Insighto, which is paid through Stripe. Private: for the person and
 * operators.
 *
 * Insighto hears of payments from Stripe a little later than they happen. For a moment, status, dates and
 * `isPaying` may contradict each other.
 */
export type Billing = {
  __typename?: 'Billing';
  /**
   * The plan in force, which Insighto is asked for separately. Null without an error if there is none.
   * Private.
   */
  activePlan: Maybe<BillingPlan>;
  /** Insighto's id of the plan in force, a UUID; `activePlan` is the plan itself. Private. */
  activePlanId: Maybe<Scalars['String']['output']>;
  /** Whether a means of payment is on file at Stripe. Private. */
  hasPaymentMethod: Maybe<Scalars['Boolean']['output']>;
  /** Whether Insighto counts the person as paying. Private. */
  isPaying: Maybe<Scalars['Boolean']['output']>;
  /** Whether the person is in a trial now. Private. */
  isTrial: Maybe<Scalars['Boolean']['output']>;
  /** When the credits were last refreshed. Private. */
  lastCreditsRefreshAt: Maybe<Scalars['DateTime']['output']>;
  /** When the last payment was made through Stripe. Private. */
  lastPaymentAt: Maybe<Scalars['DateTime']['output']>;
  /** When the credits are to be refreshed next. Private. */
  nextCreditsRefreshAt: Maybe<Scalars['DateTime']['output']>;
  /** Insighto's id of the plan that comes next, a UUID. Private. */
  nextPlanId: Maybe<Scalars['String']['output']>;
  /** Stripe's id of the customer; null for billing without Stripe. Private. */
  stripeCustomerId: Maybe<Scalars['String']['output']>;
  /**
   * The same state in Stripe's own words, such as `past_due`: also what an `UNKNOWN` status really is.
   * Private.
   */
  stripeStatus: Maybe<Scalars['String']['output']>;
  /** Stripe's id of the subscription; null for billing without Stripe. Private. */
  stripeSubscriptionId: Maybe<Scalars['String']['output']>;
  /**
   * The state of the subscription; null for billing without Stripe, `UNKNOWN` for a state not in the list.
   * Private.
   */
  subscriptionStatus: Maybe<SubscriptionStatus>;
  /** When Insighto last changed this billing state. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether the person has used their trial. Private. */
  usedTrial: Maybe<Scalars['Boolean']['output']>;
};

/** A plan that Insighto sells. Private here: for the person who is on it and operators. */
export type BillingPlan = {
  __typename?: 'BillingPlan';
  /** How many bots the plan includes. Private. */
  botsCount: Maybe<Scalars['Int']['output']>;
  /** Whether Insighto's brand can be removed from the widgets. Private. */
  canRemoveBranding: Maybe<Scalars['Boolean']['output']>;
  /**
   * How many Insighto credits the plan includes, where Insighto gives a single number; null where it does not. Private.
   * @deprecated Insighto documents an object, so that this is null: use `creditsByKind`.
   */
  credits: Maybe<Scalars['Float']['output']>;
  /**
   * The Insighto credits that the plan includes, kind by kind, in Insighto's order. Null where Insighto gives none, or a
   * single number. Private.
   */
  creditsByKind: Maybe<Array<PlanCredits>>;
  /** The description, free text. Private. */
  description: Maybe<Scalars['String']['output']>;
  /** The group that the plan is in, in the words of whoever made it. Private. */
  group: Maybe<Scalars['String']['output']>;
  /** Whether advanced intents are part of the plan. Private. */
  hasAdvancedIntents: Maybe<Scalars['Boolean']['output']>;
  /** Whether automatic intents are part of the plan. Private. */
  hasAutoIntents: Maybe<Scalars['Boolean']['output']>;
  /** Whether premium support is part of the plan. Private. */
  hasPremiumSupport: Maybe<Scalars['Boolean']['output']>;
  /** Insighto's id of the plan, a UUID. Private. */
  id: Scalars['ID']['output'];
  /** Whether it is Insighto's default plan. Private. */
  isDefault: Maybe<Scalars['Boolean']['output']>;
  /** The key that the plan's price is looked up with at Stripe. Private. */
  lookupKey: Maybe<Scalars['String']['output']>;
  /** The name. Private. */
  name: Maybe<Scalars['String']['output']>;
  /** How many queries the plan includes. Private. */
  queriesCount: Maybe<Scalars['Int']['output']>;
  /** How many people the plan is for. Private. */
  userCount: Maybe<Scalars['Int']['output']>;
  /** How much voice time the plan includes, in seconds. Private. */
  voiceSeconds: Maybe<Scalars['Int']['output']>;
  /** How many words the plan includes. Private. */
  wordsCount: Maybe<Scalars['Int']['output']>;
};

/**
 * Bird has accepted the deletion, and carries it out in its own time. Log the person out: until Bird is done,
 * `me` may still answer, with `status: DELETED`, and afterwards it is `UNAUTHENTICATED`.
 */
export type DeleteMeAccepted = {
  __typename?: 'DeleteMeAccepted';
  /**
   * Whether the links to the person's accounts at the other providers are removed. If false, do not call
   * `deleteMe` again: Bird's part is done, and whoever runs this service finds in its log that the links are
   * still to be removed.
   */
  linksRemoved: Scalars['Boolean']['output'];
  /** The Bird user id of the account being deleted. */
  userId: Scalars['ID']['output'];
};

/** What became of `deleteMe`. It has one type today; others may be added, so select with a fragment. */
export type DeleteMeResult = DeleteMeAccepted;

/** A person's account at Ejento. Private: for the person and operators. */
export type EjentoAccount = {
  __typename?: 'EjentoAccount';
  /** The e-mail address of the account; Ejento does not say whether it is verified. Private. */
  email: Maybe<Scalars['String']['output']>;
  /** The first name. Private. */
  firstName: Maybe<Scalars['String']['output']>;
  /** Ejento's id of the person, an integer as text. Private. */
  id: Scalars['ID']['output'];
  /** Whether the account is active at Ejento. Private. */
  isActive: Maybe<Scalars['Boolean']['output']>;
  /** Whether Ejento marks the account as staff. Private. */
  isStaff: Maybe<Scalars['Boolean']['output']>;
  /** Whether Ejento marks the account as superuser. Private. */
  isSuperuser: Maybe<Scalars['Boolean']['output']>;
  /** When the person joined Ejento. Private. */
  joinedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last name. Private. */
  lastName: Maybe<Scalars['String']['output']>;
};

/** What is wrong with one field of an input. */
export type FieldError = {
  __typename?: 'FieldError';
  /** The name of the input field, such as `avatarUrl`; `input` when it is about the input as a whole. */
  field: Scalars['String']['output'];
  /**
   * What is wrong with it, in English, for the person to read; Bird's own words when it was Bird that refused
   * it.
   */
  message: Scalars['String']['output'];
};

/** A person's account at Insighto. Private: for the person and operators. */
export type InsightoAccount = {
  __typename?: 'InsightoAccount';
  /** The address, as entered at Insighto. Private. */
  address: Maybe<Scalars['String']['output']>;
  /** The day of birth, which Insighto keeps as a moment: take the date and leave the time. Private. */
  birthdate: Maybe<Scalars['DateTime']['output']>;
  /** The country of the address, as entered at Insighto: not necessarily a code. Private. */
  country: Maybe<Scalars['String']['output']>;
  /** The e-mail address of the account; Insighto does not say whether it is verified. Private. */
  email: Maybe<Scalars['String']['output']>;
  /** The first name. Private. */
  firstName: Maybe<Scalars['String']['output']>;
  /** How many follow the person at Insighto. Private. */
  followerCount: Maybe<Scalars['Int']['output']>;
  /** How many the person follows at Insighto. Private. */
  followingCount: Maybe<Scalars['Int']['output']>;
  /** Insighto's id of the person, a UUID. Private. */
  id: Scalars['ID']['output'];
  /** Whether the account is active at Insighto. Private. */
  isActive: Maybe<Scalars['Boolean']['output']>;
  /** Whether Insighto marks the account as an enterprise's. Private. */
  isEnterprise: Maybe<Scalars['Boolean']['output']>;
  /** Whether Insighto marks the account as superuser. Private. */
  isSuperuser: Maybe<Scalars['Boolean']['output']>;
  /** The last name. Private. */
  lastName: Maybe<Scalars['String']['output']>;
  /** The phone number, as entered at Insighto. Private. */
  phone: Maybe<Scalars['String']['output']>;
  /** Insighto's id of the person's role, a UUID. Private. */
  roleId: Maybe<Scalars['String']['output']>;
  /** The state or province of the address, as entered at Insighto. Private. */
  state: Maybe<Scalars['String']['output']>;
};

/** Which account to link. Send it as a variable as a whole, or at least `apiKey`. */
export type LinkAccountInput = {
  /** The caller's own API key at that provider, as it is shown there. At most 512 characters, without spaces. */
  apiKey: Scalars['String']['input'];
  /** Where the account is. */
  provider: LinkableProvider;
};

/** Nothing was changed. Correct what is named here and send it again. */
export type LinkAccountInvalid = {
  __typename?: 'LinkAccountInvalid';
  /** What is wrong, at least one entry: `apiKey` when it is about the key, `input` otherwise. */
  fieldErrors: Array<FieldError>;
};

/** What became of `linkAccount`. Select on both types. */
export type LinkAccountResult = LinkAccountInvalid | LinkAccountSuccess;

/** The account is linked. */
export type LinkAccountSuccess = {
  __typename?: 'LinkAccountSuccess';
  /** The caller; the provider's fields are those of the account that was linked. */
  user: User;
};

/**
 * The providers where people can link their own account: those that say whose an API key is. Ejento is none of them,
 * because it answers about anybody, and so nothing would be proved.
 */
export type LinkableProvider =
  /** Atoms (smallest.ai): the voice account. */
  | 'ATOMS'
  /** Insighto: billing. */
  | 'INSIGHTO';

/**
 * Changes to the caller's own account. An operation holds one mutation field at most. What the caller can put
 * right is part of the result type; everything else is an entry in `errors`, with its `extensions.code`, and a
 * null result.
 */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Asks Bird to delete the caller's own account, then removes the links to their other accounts. There is no
   * way back. The accounts at Ejento, Insighto and Atoms themselves are not deleted.
   *
   * Null with an error when Bird refuses: nothing has been removed then. The request to Bird is sent once,
   * never repeated. After `PROVIDER_TIMEOUT` or `PROVIDER_UNAVAILABLE` it may have been accepted: read `status`
   * of `me` before trying again. `DELETED` means that it was; so, most likely, does `UNAUTHENTICATED`.
   *
   * It may be asked again when the answer was lost. Shows Bird the person as deleted, the links are removed and the result is as
   * after a deletion, which is not asked for once more. Does Bird not take the token any more, the code is `UNAUTHENTICATED`, the message
   * says what is likely, and the links stay until the operators, who are told, remove them: a token may be refused for other reasons.
   */
  deleteMe: Maybe<DeleteMeResult>;
  /**
   * Links the caller's account at a provider to them, so that its fields of `User` can be read. The proof that the
   * account is theirs is their own API key there: the provider is asked whose key it is, and that account is linked. The
   * key is stored encrypted and shown to nobody.
   *
   * Send the key in a variable, never inside of the document: documents are kept by gateways, caches and logs. A key in
   * the document is refused, and nothing is done with it.
   *
   * Who has an account linked already at this provider has it replaced. What the caller can put right is
   * `LinkAccountInvalid`: a key that the provider does not take, an account that is somebody else's, too many tries within
   * a minute. When the provider or the store cannot be asked it is an error, and nothing is changed.
   *
   * Whoever has a linked account is a member, also by linking it themselves: they see the public part of other members, and
   * these see theirs.
   */
  linkAccount: Maybe<LinkAccountResult>;
  /**
   * Removes the link to the caller's account at a provider, and the key stored with it. The account itself stays as it
   * is; so does the key, which only the provider can take back. Without such a link nothing changes, and the result is
   * the same.
   */
  unlinkAccount: Maybe<UnlinkAccountResult>;
  /**
   * Changes the caller's own profile at Bird. What is left out of the input, or null, stays as it is.
   *
   * The values are checked before anything is sent; if one of them is refused, here or by Bird, nothing is
   * changed and the result is `UpdateMeInvalid`. Null with `UNAUTHENTICATED` when there is no valid login
   * token.
   *
   * Sending the same input again has the same outcome, so it is safe to repeat. It is never repeated behind
   * your back: after `PROVIDER_TIMEOUT` or `PROVIDER_UNAVAILABLE` the change may have been applied, and the
   * message says so where it is not known. Read `me`, or send it again.
   */
  updateMe: Maybe<UpdateMeResult>;
};


/**
 * Changes to the caller's own account. An operation holds one mutation field at most. What the caller can put
 * right is part of the result type; everything else is an entry in `errors`, with its `extensions.code`, and a
 * null result.
 */
export type MutationLinkAccountArgs = {
  input: LinkAccountInput;
};


/**
 * Changes to the caller's own account. An operation holds one mutation field at most. What the caller can put
 * right is part of the result type; everything else is an entry in `errors`, with its `extensions.code`, and a
 * null result.
 */
export type MutationUnlinkAccountArgs = {
  input: UnlinkAccountInput;
};


/**
 * Changes to the caller's own account. An operation holds one mutation field at most. What the caller can put
 * right is part of the result type; everything else is an entry in `errors`, with its `extensions.code`, and a
 * null result.
 */
export type MutationUpdateMeArgs = {
  input: UpdateMeInput;
};

/**
 * An organization at Ejento. Public to members, reached through the people who belong to it: Ejento cannot be
 * asked for an organization by its id. Other subgraphs may add fields to it.
 */
export type Organization = {
  __typename?: 'Organization';
  /** When it was created. Public to members. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * Who created it, free text: a name, an e-mail address or `System`. For those who belong to the organization, and for
   * operators: for others it is null with the error code `FORBIDDEN`, because it may be somebody's address.
   */
  createdBy: Maybe<Scalars['String']['output']>;
  /** The internet domain, such as `example.com`. Public to members. */
  domain: Maybe<Scalars['String']['output']>;
  /** The address of the icon; null if it has none. Public to members. */
  iconUrl: Maybe<Scalars['String']['output']>;
  /** Ejento's id of the organization, an integer as text. Public to members. */
  id: Scalars['ID']['output'];
  /** Whether it is marked as deleted at Ejento. Public to members. */
  isDeleted: Maybe<Scalars['Boolean']['output']>;
  /** The address of the logo; null if it has none. Public to members. */
  logoUrl: Maybe<Scalars['String']['output']>;
  /** When it was last changed. Public to members. */
  modifiedAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * Who last changed it, free text: a name, an e-mail address or `System`. For those who belong to the organization, and
   * for operators: for others it is null with the error code `FORBIDDEN`, because it may be somebody's address.
   */
  modifiedBy: Maybe<Scalars['String']['output']>;
  /** The name. Public to members. */
  name: Maybe<Scalars['String']['output']>;
};

/** Credits of one kind that a plan of Insighto's includes. Private here: for the person who is on it and operators. */
export type PlanCredits = {
  __typename?: 'PlanCredits';
  /** How many. Private. */
  amount: Maybe<Scalars['Float']['output']>;
  /** The kind, in Insighto's own words, which it does not document. Private. */
  kind: Maybe<Scalars['String']['output']>;
};

/** Questions about people. `User` says who may read what, and when a field is null. */
export type Query = {
  __typename?: 'Query';
  /**
   * The person whose Bird login token was sent as `authorization: Bearer <token>`: everything of them can be
   * read.
   *
   * Null with `UNAUTHENTICATED` when there is no token or Bird refuses it: log in with Bird and ask again.
   * When Bird cannot be asked who it is, the code is one of `PROVIDER_…` instead: keep the token and ask again
   * later.
   */
  me: Maybe<User>;
  /**
   * The person with this id, if it is the caller or somebody with linked accounts.
   *
   * Null without an error when it is nobody known here, with `BAD_USER_INPUT` when it is not an id, and with
   * `UNAUTHENTICATED` when the caller is neither logged in nor an operator: send a Bird login token. Whether the person's fields can be
   * read is decided field by field: those marked *Public to members* by every member, those marked *Private*
   * only by the person and operators, anything else is null with `FORBIDDEN`.
   */
  user: Maybe<User>;
};


/** Questions about people. `User` says who may read what, and when a field is null. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};

/** The state of a Stripe subscription, with Stripe's own meaning. */
export type SubscriptionStatus =
  /** In good standing. */
  | 'ACTIVE'
  /** Ended. Final. */
  | 'CANCELED'
  /** The first payment has not succeeded yet. The customer has 23 hours to pay. */
  | 'INCOMPLETE'
  /** The first payment did not succeed within 23 hours. Final; nothing was charged. */
  | 'INCOMPLETE_EXPIRED'
  /** The latest invoice is not paid, or its payment failed. Stripe keeps on making invoices and may try again. */
  | 'PAST_DUE'
  /**
   * The trial ended without a means of payment. No invoices are made until one is added and the subscription
   * resumed.
   */
  | 'PAUSED'
  /** In the trial period: in use, not paid for yet. */
  | 'TRIALING'
  /** A state that is none of the above: read `stripeStatus`. Do not take it for `ACTIVE`. */
  | 'UNKNOWN'
  /**
   * The latest invoice is still not paid after the last attempt. Stripe makes further invoices but does not
   * collect them.
   */
  | 'UNPAID';

/** Which account to unlink. */
export type UnlinkAccountInput = {
  /** Where the account is. */
  provider: LinkableProvider;
};

/** What became of `unlinkAccount`. It has one type today; others may be added, so select with a fragment. */
export type UnlinkAccountResult = UnlinkAccountSuccess;

/** The caller has no account linked there any more. */
export type UnlinkAccountSuccess = {
  __typename?: 'UnlinkAccountSuccess';
  /** The caller; the provider's fields are null. */
  user: User;
};

/**
 * The fields of one's own profile to change. Leave out what is to stay as it is: null means left out too. At least one has
 * to be given.
 *
 * An empty text is a value, and `bio: ""` removes the description. A client that sends `""` for what its program has not set
 * has to be told not to: `docs/clients.md` says how.
 */
export type UpdateMeInput = {
  /**
   * The address of the new profile picture, an absolute `http` or `https` URL of at most 2,048 characters; Bird may allow
   * less. Refused with a user name or password, a backslash, white space or an invisible character in it. Sent in the form
   * that browsers make of it: `https://example.com` becomes `https://example.com/`.
   */
  avatarUrl?: InputMaybe<Scalars['String']['input']>;
  /**
   * The new description: free text, at most 5,000 characters; Bird may allow less. An empty text removes it. Control
   * characters are refused, but for tabs and line breaks.
   */
  bio?: InputMaybe<Scalars['String']['input']>;
  /**
   * The new language and region, a BCP 47 tag such as `en-GB`, in any case. All of its subtags have to be in the IANA
   * Language Subtag Registry of 2025-08-25, or for private use; tags like `x-…`, `i-default` and `zh-min-nan` are taken too.
   * What follows the letter of an extension is not looked at.
   */
  locale?: InputMaybe<Scalars['String']['input']>;
  /**
   * The new display name: one line, with at least one character that can be seen, at most 200 characters; Bird may allow
   * less. Control characters, and those that turn the direction of the text around them, are refused.
   */
  name?: InputMaybe<Scalars['String']['input']>;
  /**
   * The new time zone, a name of the IANA database such as `Europe/Amsterdam`, in any case; older names that the database
   * keeps, such as `US/Pacific`, are taken too. Abbreviations are not: `BST` means one thing in London and another in Dhaka.
   * A zone that is newer than this server's version of the names is refused, in words that say so.
   */
  timezone?: InputMaybe<Scalars['String']['input']>;
};

/**
 * Nothing was changed, because at least one value was refused. Correct the fields named here and send the input
 * again.
 */
export type UpdateMeInvalid = {
  __typename?: 'UpdateMeInvalid';
  /** What is wrong, at least one entry; a field may have several. */
  fieldErrors: Array<FieldError>;
};

/** What became of `updateMe`. Select on both types. */
export type UpdateMeResult = UpdateMeInvalid | UpdateMeSuccess;

/** The profile was changed. */
export type UpdateMeSuccess = {
  __typename?: 'UpdateMeSuccess';
  /** The caller, with the profile as it is after the change. */
  user: User;
};

/**
 * A person, with what four providers know of them: Bird (profile and sessions), Ejento (organization), Insighto
 * (billing) and Atoms (voice account).
 *
 * **Who may read what.** The person themselves reads everything. An operator (the scope that this installation names, vouched for by
 * the gateway) reads everything of everybody with linked accounts, but for `sessions`. A member (somebody with
 * linked accounts) reads of other members what is marked *Public to members*:
 * `id ejentoUserId name avatarUrl bio timezone locale status organization`. The rest is marked *Private* and is null with the
 * error code `FORBIDDEN` for anybody else.
 *
 * **When a field is null.** Without an error: the provider has no value, or the person has no account linked
 * there. With an error, whose `extensions.provider` names the provider: it is down (`PROVIDER_UNAVAILABLE`),
 * slow (`PROVIDER_TIMEOUT`), too busy (`PROVIDER_RATE_LIMITED`), refuses the credentials
 * (`PROVIDER_CREDENTIALS_REJECTED`), answers something unusable (`PROVIDER_INVALID_RESPONSE`) or is not set up
 * here (`PROVIDER_NOT_CONFIGURED`). Only that provider's fields are lost, and only the one field when it is a single
 * value that cannot be read; `extensions.retryable` says whether asking again may help, `retryAfterSeconds` when.
 */
export type User = {
  __typename?: 'User';
  /** How many sessions of the person are logged in at Bird. Null if Bird does not count them. Private. */
  activeSessions: Maybe<Scalars['Int']['output']>;
  /** The person's voice account at Atoms. Null without an error if none is linked. Private. */
  atomsAccount: Maybe<AtomsAccount>;
  /** The address of the profile picture, from Bird. Public to members. */
  avatarUrl: Maybe<Scalars['String']['output']>;
  /**
   * The marks that Bird has given the person, in Bird's own words, such as `messagebird:cx`, without those that cannot be
   * read. Private.
   */
  badges: Maybe<Array<Scalars['String']['output']>>;
  /** What the person pays Insighto, and how. Null without an error if no account is linked. Private. */
  billing: Maybe<Billing>;
  /** How the person describes themselves, free text from Bird. Public to members. */
  bio: Maybe<Scalars['String']['output']>;
  /** When the person's account at Bird was created. Private. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /** The person's account at Ejento. Null without an error if none is linked. Private. */
  ejentoAccount: Maybe<EjentoAccount>;
  /**
   * Ejento's id of the person, an integer as text. Null without an error if they have no account linked there. Public to
   * members. A second key: a subgraph that knows a person by their Ejento account alone can refer to them with it.
   */
  ejentoUserId: Maybe<Scalars['ID']['output']>;
  /** The default one of the person's e-mail addresses at Bird; `emails` says whether it is verified. Private. */
  email: Maybe<Scalars['String']['output']>;
  /**
   * All e-mail addresses that Bird has of the person, without those that cannot be read. Null if Bird does not tell them.
   * Private.
   */
  emails: Maybe<Array<UserEmail>>;
  /** The Bird user id, a UUID in lower case. Public to members. */
  id: Scalars['ID']['output'];
  /**
   * The accounts elsewhere that Bird has connected to the person, without those that cannot be read. Null if Bird does
   * not tell them. Private.
   */
  identities: Maybe<Array<UserIdentity>>;
  /** The person's account at Insighto. Null without an error if none is linked. Private. */
  insightoAccount: Maybe<InsightoAccount>;
  /** The preferred language and region, a BCP 47 tag such as `en-GB`, from Bird. Public to members. */
  locale: Maybe<Scalars['String']['output']>;
  /** The display name, from Bird. Public to members. */
  name: Maybe<Scalars['String']['output']>;
  /**
   * The organization that the person belongs to at Ejento. Null without an error if they belong to none, or
   * have no account linked there. Public to members.
   */
  organization: Maybe<Organization>;
  /** The person's phone number, as Bird has it; the format is not guaranteed. Private. */
  phoneNumber: Maybe<Scalars['String']['output']>;
  /**
   * All phone numbers that Bird has of the person, without those that cannot be read. Null if Bird does not tell them.
   * Private.
   */
  phoneNumbers: Maybe<Array<UserPhoneNumber>>;
  /**
   * Where the person is logged in, according to Bird; all sessions at once, in Bird's order, without those that cannot be
   * read. The one in use is not marked.
   *
   * Private, and more so than the rest: Bird lists sessions only to the person themselves. For anybody else,
   * operators included, it is null with `FORBIDDEN`.
   */
  sessions: Maybe<Array<UserSession>>;
  /** The state of the person's account at Bird, not of a membership in an organization. Public to members. */
  status: Maybe<UserStatus>;
  /** The default time zone, an IANA name such as `Europe/Amsterdam`, from Bird. Public to members. */
  timezone: Maybe<Scalars['String']['output']>;
  /** When the person's account at Bird was last changed. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
};

/** An e-mail address of a person at Bird. Private: for the person and operators. */
export type UserEmail = {
  __typename?: 'UserEmail';
  /** When the address was added. Private. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /** The address. Private. */
  email: Maybe<Scalars['String']['output']>;
  /** Bird's id of this entry. Private. */
  id: Scalars['ID']['output'];
  /** When the entry was last changed. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether Bird has verified that the address is the person's. Private. */
  verified: Maybe<Scalars['Boolean']['output']>;
};

/** An account elsewhere that Bird has connected to a person. Private: for the person and operators. */
export type UserIdentity = {
  __typename?: 'UserIdentity';
  /** The address of the person's profile picture there. Private. */
  avatarUrl: Maybe<Scalars['String']['output']>;
  /** When the account was connected. Private. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /** The person's e-mail address there. Private. */
  email: Maybe<Scalars['String']['output']>;
  /** Bird's id of this entry. Private. */
  id: Scalars['ID']['output'];
  /** The person's name there. Private. */
  name: Maybe<Scalars['String']['output']>;
  /** Where the account is, in Bird's own words. Private. */
  provider: Maybe<Scalars['String']['output']>;
  /** When the entry was last changed. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
};

/** A phone number of a person at Bird. Private: for the person and operators. */
export type UserPhoneNumber = {
  __typename?: 'UserPhoneNumber';
  /** When the number was added. Private. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Bird's id of this entry. Private. */
  id: Scalars['ID']['output'];
  /** The number, as Bird has it; the format is not guaranteed. Private. */
  phoneNumber: Maybe<Scalars['String']['output']>;
  /** Whether it is the person's main number. Private. */
  primary: Maybe<Scalars['Boolean']['output']>;
  /** When the entry was last changed. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether Bird has verified that the number is the person's. Private. */
  verified: Maybe<Scalars['Boolean']['output']>;
};

/** A login of a person at Bird. Private: for the person alone. */
export type UserSession = {
  __typename?: 'UserSession';
  /** The city of the login, in Bird's own words. Private. */
  city: Maybe<Scalars['String']['output']>;
  /** The country of the login, in Bird's own words; whether a name or a code is not documented. Private. */
  country: Maybe<Scalars['String']['output']>;
  /** When the person logged in. Private. */
  createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Bird's id of the login token. It is not the token: nobody can log in with it. Private. */
  id: Scalars['ID']['output'];
  /** The IP address that the person logged in from. Private. */
  ip: Maybe<Scalars['String']['output']>;
  /** The region of the login, in Bird's own words. Private. */
  region: Maybe<Scalars['String']['output']>;
  /** When Bird last changed the session. Private. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** The browser or program, as its `User-Agent` header. Private. */
  userAgent: Maybe<Scalars['String']['output']>;
};

/**
 * The state of an account at Bird. Bird names the states without defining them; the explanations are the plain
 * sense of the names.
 */
export type UserStatus =
  /** In use. */
  | 'ACTIVE'
  /** Banned. */
  | 'BANNED'
  /** Deleted, or about to be: Bird accepts a deletion before it carries it out. */
  | 'DELETED'
  /** Invited, not yet joined. */
  | 'INVITED'
  /** Created, not yet active. Bird's default. */
  | 'PENDING'
  /** A state that Bird has added since: treat it like none of the others. */
  | 'UNKNOWN';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & ( GraphQLRecursivePick<FederationTypes['User'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['User'], {"ejentoUserId":true}> ) );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  DeleteMeResult: ( DeleteMeAccepted );
  LinkAccountResult:
    | ( LinkAccountInvalid )
    | ( Omit<LinkAccountSuccess, 'user'> & { user: _RefType['User'] } )
  ;
  UnlinkAccountResult: ( Omit<UnlinkAccountSuccess, 'user'> & { user: _RefType['User'] } );
  UpdateMeResult:
    | ( UpdateMeInvalid )
    | ( Omit<UpdateMeSuccess, 'user'> & { user: _RefType['User'] } )
  ;
};


/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AtomsAccount: ResolverTypeWrapper<AtomsUser>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AtomsSubscription: ResolverTypeWrapper<ReadAtomsSubscription>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Billing: ResolverTypeWrapper<InsightoBilling>;
  BillingPlan: ResolverTypeWrapper<ReadBillingPlan>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteMeAccepted: ResolverTypeWrapper<DeleteMeAccepted>;
  DeleteMeResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteMeResult']>;
  EjentoAccount: ResolverTypeWrapper<ReadEjentoAccount>;
  FieldError: ResolverTypeWrapper<FieldError>;
  InsightoAccount: ResolverTypeWrapper<ReadInsightoAccount>;
  LinkAccountInput: LinkAccountInput;
  LinkAccountInvalid: ResolverTypeWrapper<LinkAccountInvalid>;
  LinkAccountResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LinkAccountResult']>;
  LinkAccountSuccess: ResolverTypeWrapper<Omit<LinkAccountSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  LinkableProvider: LinkableProvider;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Organization: ResolverTypeWrapper<EjentoOrganization>;
  PlanCredits: ResolverTypeWrapper<ReadPlanCredits>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SubscriptionStatus: SubscriptionStatus;
  UnlinkAccountInput: UnlinkAccountInput;
  UnlinkAccountResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UnlinkAccountResult']>;
  UnlinkAccountSuccess: ResolverTypeWrapper<Omit<UnlinkAccountSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  UpdateMeInput: UpdateMeInput;
  UpdateMeInvalid: ResolverTypeWrapper<UpdateMeInvalid>;
  UpdateMeResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateMeResult']>;
  UpdateMeSuccess: ResolverTypeWrapper<Omit<UpdateMeSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  User: ResolverTypeWrapper<UserRef>;
  UserEmail: ResolverTypeWrapper<BirdEmail>;
  UserIdentity: ResolverTypeWrapper<BirdIdentity>;
  UserPhoneNumber: ResolverTypeWrapper<BirdPhoneNumber>;
  UserSession: ResolverTypeWrapper<BirdSession>;
  UserStatus: UserStatus;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AtomsAccount: AtomsUser;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  AtomsSubscription: ReadAtomsSubscription;
  Float: Scalars['Float']['output'];
  Billing: InsightoBilling;
  BillingPlan: ReadBillingPlan;
  Int: Scalars['Int']['output'];
  DateTime: Scalars['DateTime']['output'];
  DeleteMeAccepted: DeleteMeAccepted;
  DeleteMeResult: ResolversUnionTypes<ResolversParentTypes>['DeleteMeResult'];
  EjentoAccount: ReadEjentoAccount;
  FieldError: FieldError;
  InsightoAccount: ReadInsightoAccount;
  LinkAccountInput: LinkAccountInput;
  LinkAccountInvalid: LinkAccountInvalid;
  LinkAccountResult: ResolversUnionTypes<ResolversParentTypes>['LinkAccountResult'];
  LinkAccountSuccess: Omit<LinkAccountSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  Mutation: Record<PropertyKey, never>;
  Organization: EjentoOrganization;
  PlanCredits: ReadPlanCredits;
  Query: Record<PropertyKey, never>;
  UnlinkAccountInput: UnlinkAccountInput;
  UnlinkAccountResult: ResolversUnionTypes<ResolversParentTypes>['UnlinkAccountResult'];
  UnlinkAccountSuccess: Omit<UnlinkAccountSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  UpdateMeInput: UpdateMeInput;
  UpdateMeInvalid: UpdateMeInvalid;
  UpdateMeResult: ResolversUnionTypes<ResolversParentTypes>['UpdateMeResult'];
  UpdateMeSuccess: Omit<UpdateMeSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  User: UserRef;
  UserEmail: BirdEmail;
  UserIdentity: BirdIdentity;
  UserPhoneNumber: BirdPhoneNumber;
  UserSession: BirdSession;
};

export type AtomsAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AtomsAccount'] = ResolversParentTypes['AtomsAccount']> = {
  authProvider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  firstName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isEmailVerified?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  organizationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subscription?: Resolver<Maybe<ResolversTypes['AtomsSubscription']>, ParentType, ContextType>;
};

export type AtomsSubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AtomsSubscription'] = ResolversParentTypes['AtomsSubscription']> = {
  currentCredits?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isOnPremEnabled?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  organizationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  planId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  renewalDate?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  totalCredits?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type BillingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Billing'] = ResolversParentTypes['Billing']> = {
  activePlan?: Resolver<Maybe<ResolversTypes['BillingPlan']>, ParentType, ContextType>;
  activePlanId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasPaymentMethod?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isPaying?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isTrial?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastCreditsRefreshAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastPaymentAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  nextCreditsRefreshAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  nextPlanId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stripeCustomerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stripeStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stripeSubscriptionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subscriptionStatus?: Resolver<Maybe<ResolversTypes['SubscriptionStatus']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  usedTrial?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type BillingPlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BillingPlan'] = ResolversParentTypes['BillingPlan']> = {
  botsCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  canRemoveBranding?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  credits?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  creditsByKind?: Resolver<Maybe<Array<ResolversTypes['PlanCredits']>>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  group?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasAdvancedIntents?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  hasAutoIntents?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  hasPremiumSupport?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isDefault?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lookupKey?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  queriesCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  userCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  voiceSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  wordsCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteMeAcceptedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteMeAccepted'] = ResolversParentTypes['DeleteMeAccepted']> = {
  linksRemoved?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteMeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteMeResult'] = ResolversParentTypes['DeleteMeResult']> = {
  __resolveType: TypeResolveFn<'DeleteMeAccepted', ParentType, ContextType>;
};

export type EjentoAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EjentoAccount'] = ResolversParentTypes['EjentoAccount']> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  firstName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isStaff?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isSuperuser?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  joinedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type FieldErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldError'] = ResolversParentTypes['FieldError']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type InsightoAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InsightoAccount'] = ResolversParentTypes['InsightoAccount']> = {
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  birthdate?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  country?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  firstName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  followerCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  followingCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isEnterprise?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isSuperuser?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  roleId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LinkAccountInvalidResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkAccountInvalid'] = ResolversParentTypes['LinkAccountInvalid']> = {
  fieldErrors?: Resolver<Array<ResolversTypes['FieldError']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LinkAccountResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkAccountResult'] = ResolversParentTypes['LinkAccountResult']> = {
  __resolveType: TypeResolveFn<'LinkAccountInvalid' | 'LinkAccountSuccess', ParentType, ContextType>;
};

export type LinkAccountSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkAccountSuccess'] = ResolversParentTypes['LinkAccountSuccess']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  deleteMe?: Resolver<Maybe<ResolversTypes['DeleteMeResult']>, ParentType, ContextType>;
  linkAccount?: Resolver<Maybe<ResolversTypes['LinkAccountResult']>, ParentType, ContextType, RequireFields<MutationLinkAccountArgs, 'input'>>;
  unlinkAccount?: Resolver<Maybe<ResolversTypes['UnlinkAccountResult']>, ParentType, ContextType, RequireFields<MutationUnlinkAccountArgs, 'input'>>;
  updateMe?: Resolver<Maybe<ResolversTypes['UpdateMeResult']>, ParentType, ContextType, RequireFields<MutationUpdateMeArgs, 'input'>>;
};

export type OrganizationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Organization'] = ResolversParentTypes['Organization']> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  domain?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  iconUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isDeleted?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  logoUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  modifiedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  modifiedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PlanCreditsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlanCredits'] = ResolversParentTypes['PlanCredits']> = {
  amount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  kind?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
};

export type UnlinkAccountResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnlinkAccountResult'] = ResolversParentTypes['UnlinkAccountResult']> = {
  __resolveType: TypeResolveFn<'UnlinkAccountSuccess', ParentType, ContextType>;
};

export type UnlinkAccountSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnlinkAccountSuccess'] = ResolversParentTypes['UnlinkAccountSuccess']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateMeInvalidResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateMeInvalid'] = ResolversParentTypes['UpdateMeInvalid']> = {
  fieldErrors?: Resolver<Array<ResolversTypes['FieldError']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateMeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateMeResult'] = ResolversParentTypes['UpdateMeResult']> = {
  __resolveType: TypeResolveFn<'UpdateMeInvalid' | 'UpdateMeSuccess', ParentType, ContextType>;
};

export type UpdateMeSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateMeSuccess'] = ResolversParentTypes['UpdateMeSuccess']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  activeSessions?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  atomsAccount?: Resolver<Maybe<ResolversTypes['AtomsAccount']>, ParentType, ContextType>;
  avatarUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  badges?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  billing?: Resolver<Maybe<ResolversTypes['Billing']>, ParentType, ContextType>;
  bio?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  ejentoAccount?: Resolver<Maybe<ResolversTypes['EjentoAccount']>, ParentType, ContextType>;
  ejentoUserId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  emails?: Resolver<Maybe<Array<ResolversTypes['UserEmail']>>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  identities?: Resolver<Maybe<Array<ResolversTypes['UserIdentity']>>, ParentType, ContextType>;
  insightoAccount?: Resolver<Maybe<ResolversTypes['InsightoAccount']>, ParentType, ContextType>;
  locale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  organization?: Resolver<Maybe<ResolversTypes['Organization']>, ParentType, ContextType>;
  phoneNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phoneNumbers?: Resolver<Maybe<Array<ResolversTypes['UserPhoneNumber']>>, ParentType, ContextType>;
  sessions?: Resolver<Maybe<Array<ResolversTypes['UserSession']>>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['UserStatus']>, ParentType, ContextType>;
  timezone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type UserEmailResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEmail'] = ResolversParentTypes['UserEmail']> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  verified?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type UserIdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserIdentity'] = ResolversParentTypes['UserIdentity']> = {
  avatarUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type UserPhoneNumberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserPhoneNumber'] = ResolversParentTypes['UserPhoneNumber']> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  phoneNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  primary?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  verified?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type UserSessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserSession'] = ResolversParentTypes['UserSession']> = {
  city?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  country?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ip?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AtomsAccount?: AtomsAccountResolvers<ContextType>;
  AtomsSubscription?: AtomsSubscriptionResolvers<ContextType>;
  Billing?: BillingResolvers<ContextType>;
  BillingPlan?: BillingPlanResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteMeAccepted?: DeleteMeAcceptedResolvers<ContextType>;
  DeleteMeResult?: DeleteMeResultResolvers<ContextType>;
  EjentoAccount?: EjentoAccountResolvers<ContextType>;
  FieldError?: FieldErrorResolvers<ContextType>;
  InsightoAccount?: InsightoAccountResolvers<ContextType>;
  LinkAccountInvalid?: LinkAccountInvalidResolvers<ContextType>;
  LinkAccountResult?: LinkAccountResultResolvers<ContextType>;
  LinkAccountSuccess?: LinkAccountSuccessResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Organization?: OrganizationResolvers<ContextType>;
  PlanCredits?: PlanCreditsResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  UnlinkAccountResult?: UnlinkAccountResultResolvers<ContextType>;
  UnlinkAccountSuccess?: UnlinkAccountSuccessResolvers<ContextType>;
  UpdateMeInvalid?: UpdateMeInvalidResolvers<ContextType>;
  UpdateMeResult?: UpdateMeResultResolvers<ContextType>;
  UpdateMeSuccess?: UpdateMeSuccessResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserEmail?: UserEmailResolvers<ContextType>;
  UserIdentity?: UserIdentityResolvers<ContextType>;
  UserPhoneNumber?: UserPhoneNumberResolvers<ContextType>;
  UserSession?: UserSessionResolvers<ContextType>;
};

