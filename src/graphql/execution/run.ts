import type { GraphQLError } from 'graphql';
import type { Place } from './place.ts';

/** One request that is being answered. */
export class Run {
  readonly context: unknown;
  /** Coerced, defaults included. */
  readonly variables: Variables;
  /** In the order in which they came up. */
  readonly errors: GraphQLError[] = [];
  /** How long the answer's data is at most as JSON, but for what has to be escaped. */
  characters = 'null'.length;
  /** Some error waits for what is beside it. Until then nothing has to take its turns, but for errors. */
  hasHeldErrors = false;
  #isNulled = false;

  constructor(context: unknown, variables: Variables) {
    this.context = context;
    this.variables = variables;
  }

  /** Tells an error, in whose place null stands, unless null stands further out already. */
  nulls(error: GraphQLError, parent: Place | undefined, place: Place | undefined): void {
    if (this.#isNulled) return;
    for (let outer = parent; outer; outer = outer.prev) if (outer.isNulled) return;
    if (place) place.isNulled = true;
    this.errors.push(error);
  }

  /** The same, when it is all of the answer that null stands for. */
  nullsAll(error: GraphQLError): void {
    this.nulls(error, undefined, undefined);
    this.#isNulled = true;
  }
}

/** Values of an operation's variables. */
export type Variables = Readonly<Record<string, unknown>>;
