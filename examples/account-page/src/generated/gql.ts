/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment AccountHeader on User {\n    name\n  }\n": typeof types.AccountHeaderFragmentDoc,
    "\n  mutation LinkAccount($input: LinkAccountInput!) {\n    linkAccount(input: $input) {\n      ... on LinkAccountSuccess {\n        user {\n          id\n        }\n      }\n      ... on LinkAccountInvalid {\n        fieldErrors {\n          message\n        }\n      }\n    }\n  }\n": typeof types.LinkAccountDocument,
    "\n  mutation UnlinkAccount($input: UnlinkAccountInput!) {\n    unlinkAccount(input: $input) {\n      ... on UnlinkAccountSuccess {\n        user {\n          id\n        }\n      }\n    }\n  }\n": typeof types.UnlinkAccountDocument,
    "\n  query Account {\n    me {\n      id\n      ...AccountHeader\n      ...Profile\n      ...Organization\n      ...Billing\n      ...Sessions\n      ...LinkedAccounts\n    }\n  }\n": typeof types.AccountDocument,
    "\n  fragment AtomsCredits on AtomsSubscription {\n    currentCredits\n    totalCredits\n    renewalDate\n  }\n": typeof types.AtomsCreditsFragmentDoc,
    "\n  fragment Billing on User {\n    billing {\n      subscriptionStatus\n      stripeStatus\n      hasPaymentMethod\n      lastPaymentAt\n      nextCreditsRefreshAt\n      activePlan {\n        ...Plan\n      }\n    }\n  }\n": typeof types.BillingFragmentDoc,
    "\n  fragment ContactDetails on User {\n    email\n    emails {\n      id\n      email\n      verified\n    }\n    phoneNumber\n    phoneNumbers {\n      id\n      phoneNumber\n      verified\n    }\n  }\n": typeof types.ContactDetailsFragmentDoc,
    "\n  mutation DeleteAccount {\n    deleteMe {\n      ... on DeleteMeAccepted {\n        linksRemoved\n      }\n    }\n  }\n": typeof types.DeleteAccountDocument,
    "\n  fragment LinkedAccounts on User {\n    ejentoAccount {\n      email\n      isActive\n      joinedAt\n    }\n    insightoAccount {\n      email\n      isActive\n      isEnterprise\n    }\n    atomsAccount {\n      email\n      isEmailVerified\n      subscription {\n        ...AtomsCredits\n      }\n    }\n  }\n": typeof types.LinkedAccountsFragmentDoc,
    "\n  fragment Organization on User {\n    organization {\n      name\n      domain\n      iconUrl\n      isDeleted\n      createdAt\n    }\n  }\n": typeof types.OrganizationFragmentDoc,
    "\n  fragment Plan on BillingPlan {\n    name\n    description\n    botsCount\n    queriesCount\n    wordsCount\n    voiceSeconds\n    credits\n    creditsByKind {\n      kind\n      amount\n    }\n    hasPremiumSupport\n  }\n": typeof types.PlanFragmentDoc,
    "\n  fragment ProfileForm on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n  }\n": typeof types.ProfileFormFragmentDoc,
    "\n  mutation UpdateProfile($input: UpdateMeInput!) {\n    updateMe(input: $input) {\n      ... on UpdateMeSuccess {\n        user {\n          id\n          ...Profile\n        }\n      }\n      ... on UpdateMeInvalid {\n        fieldErrors {\n          field\n          message\n        }\n      }\n    }\n  }\n": typeof types.UpdateProfileDocument,
    "\n  fragment ProfileView on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n    status\n    createdAt\n    ...ContactDetails\n  }\n": typeof types.ProfileViewFragmentDoc,
    "\n  fragment Profile on User {\n    ...ProfileView\n    ...ProfileForm\n  }\n": typeof types.ProfileFragmentDoc,
    "\n  fragment Project on Project {\n    name\n    members {\n      id\n      name\n      avatarUrl\n    }\n  }\n": typeof types.ProjectFragmentDoc,
    "\n  query Projects {\n    me {\n      id\n      projects {\n        id\n        ...Project\n      }\n    }\n  }\n": typeof types.ProjectsDocument,
    "\n  fragment Sessions on User {\n    sessions {\n      id\n      ip\n      userAgent\n      city\n      region\n      country\n      createdAt\n    }\n  }\n": typeof types.SessionsFragmentDoc,
};
const documents: Documents = {
    "\n  fragment AccountHeader on User {\n    name\n  }\n": types.AccountHeaderFragmentDoc,
    "\n  mutation LinkAccount($input: LinkAccountInput!) {\n    linkAccount(input: $input) {\n      ... on LinkAccountSuccess {\n        user {\n          id\n        }\n      }\n      ... on LinkAccountInvalid {\n        fieldErrors {\n          message\n        }\n      }\n    }\n  }\n": types.LinkAccountDocument,
    "\n  mutation UnlinkAccount($input: UnlinkAccountInput!) {\n    unlinkAccount(input: $input) {\n      ... on UnlinkAccountSuccess {\n        user {\n          id\n        }\n      }\n    }\n  }\n": types.UnlinkAccountDocument,
    "\n  query Account {\n    me {\n      id\n      ...AccountHeader\n      ...Profile\n      ...Organization\n      ...Billing\n      ...Sessions\n      ...LinkedAccounts\n    }\n  }\n": types.AccountDocument,
    "\n  fragment AtomsCredits on AtomsSubscription {\n    currentCredits\n    totalCredits\n    renewalDate\n  }\n": types.AtomsCreditsFragmentDoc,
    "\n  fragment Billing on User {\n    billing {\n      subscriptionStatus\n      stripeStatus\n      hasPaymentMethod\n      lastPaymentAt\n      nextCreditsRefreshAt\n      activePlan {\n        ...Plan\n      }\n    }\n  }\n": types.BillingFragmentDoc,
    "\n  fragment ContactDetails on User {\n    email\n    emails {\n      id\n      email\n      verified\n    }\n    phoneNumber\n    phoneNumbers {\n      id\n      phoneNumber\n      verified\n    }\n  }\n": types.ContactDetailsFragmentDoc,
    "\n  mutation DeleteAccount {\n    deleteMe {\n      ... on DeleteMeAccepted {\n        linksRemoved\n      }\n    }\n  }\n": types.DeleteAccountDocument,
    "\n  fragment LinkedAccounts on User {\n    ejentoAccount {\n      email\n      isActive\n      joinedAt\n    }\n    insightoAccount {\n      email\n      isActive\n      isEnterprise\n    }\n    atomsAccount {\n      email\n      isEmailVerified\n      subscription {\n        ...AtomsCredits\n      }\n    }\n  }\n": types.LinkedAccountsFragmentDoc,
    "\n  fragment Organization on User {\n    organization {\n      name\n      domain\n      iconUrl\n      isDeleted\n      createdAt\n    }\n  }\n": types.OrganizationFragmentDoc,
    "\n  fragment Plan on BillingPlan {\n    name\n    description\n    botsCount\n    queriesCount\n    wordsCount\n    voiceSeconds\n    credits\n    creditsByKind {\n      kind\n      amount\n    }\n    hasPremiumSupport\n  }\n": types.PlanFragmentDoc,
    "\n  fragment ProfileForm on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n  }\n": types.ProfileFormFragmentDoc,
    "\n  mutation UpdateProfile($input: UpdateMeInput!) {\n    updateMe(input: $input) {\n      ... on UpdateMeSuccess {\n        user {\n          id\n          ...Profile\n        }\n      }\n      ... on UpdateMeInvalid {\n        fieldErrors {\n          field\n          message\n        }\n      }\n    }\n  }\n": types.UpdateProfileDocument,
    "\n  fragment ProfileView on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n    status\n    createdAt\n    ...ContactDetails\n  }\n": types.ProfileViewFragmentDoc,
    "\n  fragment Profile on User {\n    ...ProfileView\n    ...ProfileForm\n  }\n": types.ProfileFragmentDoc,
    "\n  fragment Project on Project {\n    name\n    members {\n      id\n      name\n      avatarUrl\n    }\n  }\n": types.ProjectFragmentDoc,
    "\n  query Projects {\n    me {\n      id\n      projects {\n        id\n        ...Project\n      }\n    }\n  }\n": types.ProjectsDocument,
    "\n  fragment Sessions on User {\n    sessions {\n      id\n      ip\n      userAgent\n      city\n      region\n      country\n      createdAt\n    }\n  }\n": types.SessionsFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountHeader on User {\n    name\n  }\n"): (typeof documents)["\n  fragment AccountHeader on User {\n    name\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LinkAccount($input: LinkAccountInput!) {\n    linkAccount(input: $input) {\n      ... on LinkAccountSuccess {\n        user {\n          id\n        }\n      }\n      ... on LinkAccountInvalid {\n        fieldErrors {\n          message\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LinkAccount($input: LinkAccountInput!) {\n    linkAccount(input: $input) {\n      ... on LinkAccountSuccess {\n        user {\n          id\n        }\n      }\n      ... on LinkAccountInvalid {\n        fieldErrors {\n          message\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnlinkAccount($input: UnlinkAccountInput!) {\n    unlinkAccount(input: $input) {\n      ... on UnlinkAccountSuccess {\n        user {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UnlinkAccount($input: UnlinkAccountInput!) {\n    unlinkAccount(input: $input) {\n      ... on UnlinkAccountSuccess {\n        user {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Account {\n    me {\n      id\n      ...AccountHeader\n      ...Profile\n      ...Organization\n      ...Billing\n      ...Sessions\n      ...LinkedAccounts\n    }\n  }\n"): (typeof documents)["\n  query Account {\n    me {\n      id\n      ...AccountHeader\n      ...Profile\n      ...Organization\n      ...Billing\n      ...Sessions\n      ...LinkedAccounts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AtomsCredits on AtomsSubscription {\n    currentCredits\n    totalCredits\n    renewalDate\n  }\n"): (typeof documents)["\n  fragment AtomsCredits on AtomsSubscription {\n    currentCredits\n    totalCredits\n    renewalDate\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Billing on User {\n    billing {\n      subscriptionStatus\n      stripeStatus\n      hasPaymentMethod\n      lastPaymentAt\n      nextCreditsRefreshAt\n      activePlan {\n        ...Plan\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Billing on User {\n    billing {\n      subscriptionStatus\n      stripeStatus\n      hasPaymentMethod\n      lastPaymentAt\n      nextCreditsRefreshAt\n      activePlan {\n        ...Plan\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ContactDetails on User {\n    email\n    emails {\n      id\n      email\n      verified\n    }\n    phoneNumber\n    phoneNumbers {\n      id\n      phoneNumber\n      verified\n    }\n  }\n"): (typeof documents)["\n  fragment ContactDetails on User {\n    email\n    emails {\n      id\n      email\n      verified\n    }\n    phoneNumber\n    phoneNumbers {\n      id\n      phoneNumber\n      verified\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteAccount {\n    deleteMe {\n      ... on DeleteMeAccepted {\n        linksRemoved\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteAccount {\n    deleteMe {\n      ... on DeleteMeAccepted {\n        linksRemoved\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LinkedAccounts on User {\n    ejentoAccount {\n      email\n      isActive\n      joinedAt\n    }\n    insightoAccount {\n      email\n      isActive\n      isEnterprise\n    }\n    atomsAccount {\n      email\n      isEmailVerified\n      subscription {\n        ...AtomsCredits\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment LinkedAccounts on User {\n    ejentoAccount {\n      email\n      isActive\n      joinedAt\n    }\n    insightoAccount {\n      email\n      isActive\n      isEnterprise\n    }\n    atomsAccount {\n      email\n      isEmailVerified\n      subscription {\n        ...AtomsCredits\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Organization on User {\n    organization {\n      name\n      domain\n      iconUrl\n      isDeleted\n      createdAt\n    }\n  }\n"): (typeof documents)["\n  fragment Organization on User {\n    organization {\n      name\n      domain\n      iconUrl\n      isDeleted\n      createdAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Plan on BillingPlan {\n    name\n    description\n    botsCount\n    queriesCount\n    wordsCount\n    voiceSeconds\n    credits\n    creditsByKind {\n      kind\n      amount\n    }\n    hasPremiumSupport\n  }\n"): (typeof documents)["\n  fragment Plan on BillingPlan {\n    name\n    description\n    botsCount\n    queriesCount\n    wordsCount\n    voiceSeconds\n    credits\n    creditsByKind {\n      kind\n      amount\n    }\n    hasPremiumSupport\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProfileForm on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n  }\n"): (typeof documents)["\n  fragment ProfileForm on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProfile($input: UpdateMeInput!) {\n    updateMe(input: $input) {\n      ... on UpdateMeSuccess {\n        user {\n          id\n          ...Profile\n        }\n      }\n      ... on UpdateMeInvalid {\n        fieldErrors {\n          field\n          message\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateProfile($input: UpdateMeInput!) {\n    updateMe(input: $input) {\n      ... on UpdateMeSuccess {\n        user {\n          id\n          ...Profile\n        }\n      }\n      ... on UpdateMeInvalid {\n        fieldErrors {\n          field\n          message\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProfileView on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n    status\n    createdAt\n    ...ContactDetails\n  }\n"): (typeof documents)["\n  fragment ProfileView on User {\n    name\n    bio\n    avatarUrl\n    locale\n    timezone\n    status\n    createdAt\n    ...ContactDetails\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Profile on User {\n    ...ProfileView\n    ...ProfileForm\n  }\n"): (typeof documents)["\n  fragment Profile on User {\n    ...ProfileView\n    ...ProfileForm\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Project on Project {\n    name\n    members {\n      id\n      name\n      avatarUrl\n    }\n  }\n"): (typeof documents)["\n  fragment Project on Project {\n    name\n    members {\n      id\n      name\n      avatarUrl\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Projects {\n    me {\n      id\n      projects {\n        id\n        ...Project\n      }\n    }\n  }\n"): (typeof documents)["\n  query Projects {\n    me {\n      id\n      projects {\n        id\n        ...Project\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Sessions on User {\n    sessions {\n      id\n      ip\n      userAgent\n      city\n      region\n      country\n      createdAt\n    }\n  }\n"): (typeof documents)["\n  fragment Sessions on User {\n    sessions {\n      id\n      ip\n      userAgent\n      city\n      region\n      country\n      createdAt\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;