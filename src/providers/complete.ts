type ParentOf<R> = R extends { __isTypeOf?: infer IsTypeOf }
  ? NonNullable<IsTypeOf> extends (parent: infer Parent, ...rest: never[]) => unknown
    ? Parent
    : never
  : never;

/**
 * Resolvers that leave nothing to chance: of each type, every field that its parent value does not already carry must
 * have a resolver. (The schema library would take a forgotten or misspelt one and answer null.)
 */
export type Complete<Types> = {
  [Name in keyof Types]-?: Required<
    Omit<NonNullable<Types[Name]>, '__isTypeOf' | '__resolveReference' | keyof Parent<Types[Name]>>
  >;
};

type Parent<R> = ParentOf<NonNullable<R>>;
