import type { GraphQLScalarType } from 'graphql';
import type { Resolvers, ResolversParentTypes } from '../generated/resolvers.ts';

/** The fields that a type's parent value already carries; a root's parent carries none. */
type Carried<Parent> = string extends keyof Parent ? never : keyof Parent;

/** The fields of a type that only a resolver can answer. */
type Unanswered<Name extends keyof Resolvers> = Exclude<
  keyof NonNullable<Resolvers[Name]>,
  Carried<ResolversParentTypes[Name]> | '__resolveReference' | '__resolveType' | '__isTypeOf'
>;

/**
 * Resolvers that leave nothing to chance: every scalar and every field that its parent value does not carry has one.
 * The schema library takes a forgotten or misspelt resolver without a word and answers null; with this type the
 * compiler refuses.
 */
export type CompleteResolvers = {
  [Name in keyof Resolvers as [Unanswered<Name>] extends [never] ? never : Name]-?: NonNullable<
    Resolvers[Name]
  > extends GraphQLScalarType
    ? NonNullable<Resolvers[Name]>
    : Required<Pick<NonNullable<Resolvers[Name]>, Unanswered<Name>>>;
};
