/** Where an object or a list stands in an answer. It is a path of graphql-js as well (`prev`, `key`, `typename`). */
export class Place {
  readonly prev: Place | undefined;
  readonly key: string | number;
  /** The type that the field belongs to; undefined for an element of a list. */
  readonly typename: string | undefined;
  /** Null stands here instead, with an error: what goes wrong further in is not told any more. */
  isNulled = false;

  constructor(prev: Place | undefined, key: string | number, typename: string | undefined) {
    this.prev = prev;
    this.key = key;
    this.typename = typename;
  }
}

/** The way from the root of the answer, as errors tell it. */
export function pathTo(parent: Place | undefined, key: string | number): (string | number)[] {
  const path = parent ? pathTo(parent.prev, parent.key) : [];
  path.push(key);
  return path;
}
