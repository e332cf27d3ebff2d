import type { Place } from './place.ts';
import type { FieldFacts } from './resolve-info.ts';
import type { Run } from './run.ts';

/** Makes a resolved value into what is answered, as its type demands. */
export abstract class Completion {
  readonly field: FieldFacts;
  readonly isNonNull: boolean;
  /** Whether nothing has a place further in. */
  abstract readonly isLeaf: boolean;

  constructor(field: FieldFacts, isNonNull: boolean) {
    this.field = field;
    this.isNonNull = isNonNull;
  }

  /** The answer, or a `Pending`. Throws what is wrong with the value. `place` is where it stands, unless it is a leaf. */
  complete(run: Run, value: unknown, place: Place | undefined): unknown {
    if (value instanceof Error) throw value;
    if (value !== null && value !== undefined) return this.completeValue(run, value, place);
    if (!this.isNonNull) return null;
    throw new Error(
      `Cannot return null for non-nullable field ${this.field.parentType.name}.${this.field.fieldName}.`,
    );
  }

  protected abstract completeValue(run: Run, value: unknown, place: Place | undefined): unknown;
}
