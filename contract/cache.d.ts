// Written from the schema by `npm run schema`.

/**
 * Which types each union can be, for `new InMemoryCache({ possibleTypes, typePolicies })` of Apollo Client and
 * `cacheExchange({ keys, possibleTypes })` of urql's Graphcache.
 */
export declare const possibleTypes: Record<'UpdateMeResult' | 'DeleteMeResult' | 'LinkAccountResult' | 'UnlinkAccountResult', string[]>;

/**
 * For Apollo Client: the objects that a query reaches and that have no id are parts of the one that they hang on, so
 * that two components' selections of one are put together. Not `keyFields: []`: it makes one object of everybody's.
 */
export declare const typePolicies: Record<'Billing' | 'PlanCredits', { merge: true }>;

/** For urql's Graphcache: what has no id is kept inside the one that it hangs on. */
export declare const keys: Record<'Billing' | 'DeleteMeAccepted' | 'FieldError' | 'LinkAccountInvalid' | 'LinkAccountSuccess' | 'PlanCredits' | 'UnlinkAccountSuccess' | 'UpdateMeInvalid' | 'UpdateMeSuccess', () => null>;
