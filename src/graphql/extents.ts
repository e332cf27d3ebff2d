import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** Finds a document's fragments. */
export function fragmentsOf({ definitions }: DocumentNode): FragmentNamed {
  return (name) =>
    definitions.find(
      (definition): definition is FragmentDefinitionNode =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
}

/** Counts what is selected in a place, fragments expanded. */
export function selectionCounter(fragmentNamed: FragmentNamed): (set: SelectionSetNode) => number {
  const extentOf = measurer(fragmentNamed);
  return (set) => extentOf(set).selections;
}

export type FragmentNamed = (name: string) => FragmentDefinitionNode | null | undefined;

/** A selection set with its fragments expanded. */
class Extent {
  /** Levels of fields. */
  depth = 0;
  /** Fields, inline fragments and spreads. */
  selections = 0;
  /** How often the most frequent name is selected in one place, here or further in. */
  repeats = 0;
  /** Fields of the outermost level, without `__typename`, which calls nobody. */
  fields = 0;
  /** How often each name is selected at the outermost level. */
  readonly names = new Map<string, number>();

  add(name: string, times: number): void {
    const sum = (this.names.get(name) ?? 0) + times;
    this.names.set(name, sum);
    this.repeats = Math.max(this.repeats, sum);
  }
}

/**
 * Makes what measures selection sets of a document. Each fragment is measured once, however often it is spread.
 */
export function measurer(fragmentNamed: FragmentNamed): (set: SelectionSetNode) => Extent {
  const fragments = new Map<string, Extent>();

  function ofFragment(name: string): Extent {
    const known = fragments.get(name);
    if (known) return known;
    // A fragment inside of itself counts as nothing here; another rule refuses it.
    fragments.set(name, new Extent());
    const definition = fragmentNamed(name);
    const extent = definition ? of(definition.selectionSet) : new Extent();
    fragments.set(name, extent);
    return extent;
  }

  function of({ selections }: SelectionSetNode): Extent {
    const extent = new Extent();
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD;
      const inner = isField
        ? selection.selectionSet && of(selection.selectionSet)
        : selection.kind === Kind.INLINE_FRAGMENT
          ? of(selection.selectionSet)
          : ofFragment(selection.name.value);

      extent.selections += 1 + (inner?.selections ?? 0);
      extent.depth = Math.max(extent.depth, (isField ? 1 : 0) + (inner?.depth ?? 0));
      extent.repeats = Math.max(extent.repeats, inner?.repeats ?? 0);
      if (isField) {
        if (selection.name.value !== '__typename') extent.fields += 1;
        extent.add((selection.alias ?? selection.name).value, 1);
      } else if (inner) {
        extent.fields += inner.fields;
        for (const [name, times] of inner.names) extent.add(name, times);
      }
    }
    return extent;
  }

  return of;
}
