import type { GraphQLScalarType } from 'graphql';
import type { Resolvers, ResolversParentTypes } from '../generated/resolvers.ts';

/** The fields of a type that somebody has to answer. */
type FieldOf<Name extends keyof Resolvers> = Exclude<
  keyof NonNullable<Resolvers[Name]> & string,
  '__resolveReference' | '__resolveType' | '__isTypeOf'
>;

/** What a field's resolver may return. */
type Promised<Name extends keyof Resolvers, Field extends FieldOf<Name>> = Awaited<
  ReturnType<Extract<NonNullable<Resolvers[Name]>[Field & keyof NonNullable<Resolvers[Name]>], AnyFunction>>
>;
type AnyFunction = (...args: never[]) => unknown;

/** A field's value in its parent, which wire.ts has made; a root has no parent. */
type Carried<Name extends keyof Resolvers, Field> = string extends keyof ResolversParentTypes[Name]
  ? never
  : Field extends keyof ResolversParentTypes[Name]
    ? ResolversParentTypes[Name][Field]
    : never;

/** What is wrong with a field, in words; never when it has an answer of its type. */
type Problem<Given, Name extends keyof Resolvers, Field extends FieldOf<Name>> =
  Field extends KeysOf<Given, Name>
    ? never
    : [Carried<Name, Field>] extends [never]
      ? `${Name}.${Field} has no answer: read it in the wire.ts of its provider, or resolve it in fields.ts`
      : Carried<Name, Field> extends Promised<Name, Field>
        ? never
        : `${Name}.${Field} is read in wire.ts as another type than the SDL promises`;

type KeysOf<Given, Name> = Name extends keyof Given ? keyof Given[Name] : never;

/**
 * All that is wrong with resolvers, as texts: every field of the SDL has a resolver, or is what wire.ts makes of it. The
 * schema library takes a forgotten or misspelt one without a word and answers null; with this the compiler says which.
 */
export type Problems<Given> = {
  [Name in keyof Resolvers]-?: NonNullable<Resolvers[Name]> extends GraphQLScalarType
    ? Name extends keyof Given
      ? never
      : `The scalar ${Name} has no resolver`
    : { [Field in FieldOf<Name>]: Problem<Given, Name, Field> }[FieldOf<Name>];
}[keyof Resolvers];

/** Compiles when there is no problem; else the first line of the compiler's message says what it is. */
export type NoneOf<Problem extends never> = Problem;
