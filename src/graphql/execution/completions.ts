import {
  getNullableType,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  defaultTypeResolver,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { Completion } from './completion.ts';
import { errorAt } from './located-error.ts';
import { Pending, PendingParts, PendingType } from './pending.ts';
import { Place } from './place.ts';
import { type FieldFacts, ResolveInfo } from './resolve-info.ts';
import type { Run } from './run.ts';

/** Resolves what is selected of an object: its answer, or a `Pending`. */
export type ResolveObject = (run: Run, source: unknown, place: Place | undefined) => unknown;

/** What a value takes in JSON with what is around it, and what a text or a number takes beyond that. */
export const CHARACTERS_OF_VALUE = 8;
const CHARACTERS_OF_NUMBER = 17;

/** Says how objects of a type are resolved. Throws where graphql-js does when it collects the fields. */
export type Selecting = (type: GraphQLObjectType) => ResolveObject;

/** The completion of a field's type, or of what is in it. */
export function completionOf(type: GraphQLOutputType, field: FieldFacts, selecting: Selecting): Completion {
  const isNonNull = isNonNullType(type);
  const nullable = getNullableType(type);
  if (isLeafType(nullable)) return new LeafCompletion(field, isNonNull, nullable);
  if (isListType(nullable))
    return new ListCompletion(field, isNonNull, completionOf(nullable.ofType, field, selecting));
  if (isAbstractType(nullable)) return new AbstractCompletion(field, isNonNull, nullable, selecting);
  return new ObjectCompletion(field, isNonNull, nullable as GraphQLObjectType, selecting);
}

/** Whether a value is promised, by whatever kind of promise. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  const kind = typeof value;
  return (
    ((kind === 'object' && value !== null) || kind === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

class LeafCompletion extends Completion {
  readonly isLeaf = true;
  readonly #type: GraphQLLeafType;

  constructor(field: FieldFacts, isNonNull: boolean, type: GraphQLLeafType) {
    super(field, isNonNull);
    this.#type = type;
  }

  protected completeValue(run: Run, value: unknown): unknown {
    const serialized: unknown = this.#type.serialize(value);
    if (typeof serialized === 'string') run.characters += serialized.length;
    else if (typeof serialized === 'number') run.characters += CHARACTERS_OF_NUMBER;
    // A scalar may be made of anything: how much that is, nobody has counted.
    else if (typeof serialized === 'object') run.characters = Number.POSITIVE_INFINITY;
    if (serialized !== null && serialized !== undefined) return serialized;
    throw new Error(
      `Expected \`${inspect(this.#type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
}

class ListCompletion extends Completion {
  readonly isLeaf = false;
  readonly #item: Completion;

  constructor(field: FieldFacts, isNonNull: boolean, item: Completion) {
    super(field, isNonNull);
    this.#item = item;
  }

  protected completeValue(run: Run, list: unknown, place: Place | undefined): unknown {
    if (!isIterable(list))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${this.field.parentType.name}.${this.field.fieldName}".`,
      );
    const completion = this.#item;
    const items: unknown[] = [];
    let pending: PendingParts | undefined;
    for (const item of list) {
      const key = items.length;
      const itemPlace = completion.isLeaf ? undefined : new Place(place, key, undefined);
      let completed: unknown;
      if (isPromise(item)) {
        pending ??= new PendingParts(run, items as never, place, 1);
        pending.promised(item, { completion, key, place: itemPlace });
      } else {
        try {
          completed = completion.complete(run, item, itemPlace);
        } catch (thrown) {
          const error = errorAt(thrown, this.field, place, key);
          if (completion.isNonNull) throw error;
          run.nulls(error, place, itemPlace);
          completed = null;
        }
        if (completed instanceof Pending) {
          pending ??= new PendingParts(run, items as never, place, 1);
          pending.pending(completed, { completion, key, place: itemPlace });
        }
      }
      items.push(completed);
    }
    run.characters += items.length * CHARACTERS_OF_VALUE;
    return pending ?? items;
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
    ? typeof value[Symbol.iterator] === 'function'
    : false;
}

class ObjectCompletion extends Completion {
  readonly isLeaf = false;
  readonly #type: GraphQLObjectType;
  readonly #selecting: Selecting;
  #resolve: ResolveObject | undefined;

  constructor(field: FieldFacts, isNonNull: boolean, type: GraphQLObjectType, selecting: Selecting) {
    super(field, isNonNull);
    this.#type = type;
    this.#selecting = selecting;
  }

  override completeValue(run: Run, value: unknown, place: Place | undefined): unknown {
    // When it is needed for the first time: much of what is selected never is.
    const resolve = (this.#resolve ??= this.#selecting(this.#type));
    if (!this.#type.isTypeOf) return resolve(run, value, place);
    const isOfType = this.#type.isTypeOf(value, run.context, ResolveInfo.at(run, this.field, place));
    const going = (isOfType: unknown) => {
      if (isOfType) return resolve(run, value, place);
      throw new GraphQLError(`Expected value of type "${this.#type.name}" but got: ${inspect(value)}.`, {
        nodes: this.field.fieldNodes,
      });
    };
    return isPromise(isOfType) ? new PendingType(run, isOfType, going) : going(isOfType);
  }
}

class AbstractCompletion extends Completion {
  readonly isLeaf = false;
  readonly #type: GraphQLAbstractType;
  readonly #selecting: Selecting;
  readonly #byName = new Map<unknown, ObjectCompletion>();

  constructor(field: FieldFacts, isNonNull: boolean, type: GraphQLAbstractType, selecting: Selecting) {
    super(field, isNonNull);
    this.#type = type;
    this.#selecting = selecting;
  }

  protected completeValue(run: Run, value: unknown, place: Place | undefined): unknown {
    const resolveType = this.#type.resolveType ?? defaultTypeResolver;
    const info = ResolveInfo.at(run, this.field, place);
    const name = resolveType(value, run.context, info, this.#type);
    const going = (name: unknown) => this.#of(name, value).completeValue(run, value, place);
    return isPromise(name) ? new PendingType(run, name, going) : going(name);
  }

  #of(name: unknown, value: unknown): ObjectCompletion {
    let completion = this.#byName.get(name);
    if (!completion) {
      completion = new ObjectCompletion(
        this.field,
        this.isNonNull,
        this.#typeNamed(name, value),
        this.#selecting,
      );
      this.#byName.set(name, completion);
    }
    return completion;
  }

  /** In the words of graphql-js. */
  #typeNamed(name: unknown, value: unknown): GraphQLObjectType {
    const { fieldNodes, of, parentType, fieldName } = this.field;
    const abstract = this.#type.name;
    const must = `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${parentType.name}.${fieldName}"`;
    if (name === null || name === undefined)
      throw new GraphQLError(
        `${must}. Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
        { nodes: fieldNodes },
      );
    if (isObjectType(name))
      throw new GraphQLError(
        'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
      );
    if (typeof name !== 'string')
      throw new GraphQLError(`${must} with value ${inspect(value)}, received "${inspect(name)}".`);
    const type = of.schema.getType(name);
    const wrong = (why: string) => new GraphQLError(why, { nodes: fieldNodes });
    if (!type)
      throw wrong(
        `Abstract type "${abstract}" was resolved to a type "${name}" that does not exist inside the schema.`,
      );
    if (!isObjectType(type))
      throw wrong(`Abstract type "${abstract}" was resolved to a non-object type "${name}".`);
    if (!of.schema.isSubType(this.#type, type))
      throw wrong(`Runtime Object type "${type.name}" is not a possible type for "${abstract}".`);
    return type;
  }
}
