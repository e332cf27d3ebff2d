import { getLocation, GraphQLError, locatedError, type SourceLocation } from 'graphql';
import { toError } from 'graphql/jsutils/toError.js';
import { type Place, pathTo } from './place.ts';
import type { FieldFacts } from './resolve-info.ts';

/**
 * An error with the place where it came up: `locatedError` of graphql-js, for less. That one copies a stack trace into
 * each, which takes 40 µs where one error stands for a thousand fields.
 */
export function errorAt(
  thrown: unknown,
  field: FieldFacts,
  parent: Place | undefined,
  key: string | number,
): GraphQLError {
  const original = toError(thrown) as Error & Partial<GraphQLError>;
  // It has a place already.
  if (Array.isArray(original.path)) return original as GraphQLError;
  const path = pathTo(parent, key);
  return original.nodes || original.source || original.positions
    ? locatedError(original, field.fieldNodes, path)
    : (new LocatedError(original, field, path) as unknown as GraphQLError);
}

/** Looks like a GraphQLError in every respect, without the work of making one. */
class LocatedError {
  message: string;
  readonly path: readonly (string | number)[];
  readonly locations: readonly SourceLocation[] | undefined;
  readonly extensions: object;
  readonly #original: Error;
  readonly #field: FieldFacts;

  constructor(original: Error & { extensions?: unknown }, field: FieldFacts, path: (string | number)[]) {
    this.message = original.message;
    this.path = path;
    this.locations = locationsOf(field);
    const { extensions } = original;
    this.extensions =
      typeof extensions === 'object' && extensions !== null ? extensions : (Object.create(null) as object);
    this.#original = original;
    this.#field = field;
  }

  get name() {
    return 'GraphQLError';
  }
  get originalError() {
    return this.#original;
  }
  get stack() {
    return this.#original.stack;
  }
  get nodes() {
    return this.#field.fieldNodes;
  }
  get source() {
    return this.nodes[0]?.loc?.source;
  }
  get positions() {
    return this.nodes.flatMap(({ loc }) => (loc ? [loc.start] : []));
  }
}
Object.setPrototypeOf(LocatedError.prototype, GraphQLError.prototype);

const known = new WeakMap<FieldFacts, readonly SourceLocation[] | undefined>();

function locationsOf(field: FieldFacts): readonly SourceLocation[] | undefined {
  let locations = known.get(field);
  if (!locations) {
    locations = field.fieldNodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
    known.set(field, locations);
  }
  return locations.length > 0 ? locations : undefined;
}
