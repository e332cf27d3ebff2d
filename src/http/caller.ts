/**
 * Whom calls are made for: a user's id, or an operation where there is no user. Callers share a provider's connections:
 * whoever waits is served in turn by caller, so that one who asks for much waits behind nobody but themselves.
 */
export type Caller = string | object | typeof UNKNOWN_OWNER;

/** Everybody whose login token has not been identified: anyone can invent tokens, so together they are one caller. */
export const UNKNOWN_OWNER = Symbol('whose token it is, is not known');
