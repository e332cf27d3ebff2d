import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { Place } from './place.ts';
import type { Run, Variables } from './run.ts';

/** What is the same for all fields of an operation. */
export interface OperationFacts {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
}

/** What is known of a field before it is resolved. */
export interface FieldFacts {
  /** Of the answer. */
  readonly key: string;
  readonly fieldName: string;
  /** All places where it is selected, in order. */
  readonly fieldNodes: readonly FieldNode[];
  readonly returnType: GraphQLOutputType;
  readonly parentType: GraphQLObjectType;
  readonly of: OperationFacts;
}

/** What a resolver is told of its field. Made for each call, so all that is seldom read is worked out when it is. */
export class ResolveInfo implements GraphQLResolveInfo {
  readonly #field: FieldFacts;
  readonly #parent: Place | undefined;
  readonly variableValues: Variables;
  declare readonly rootValue: undefined;

  constructor(run: Run, field: FieldFacts, parent: Place | undefined) {
    this.variableValues = run.variables;
    this.#field = field;
    this.#parent = parent;
  }

  /** For what is asked about the value that stands in a place: it is told of the field that the value came from. */
  static at(run: Run, field: FieldFacts, place: Place | undefined): ResolveInfo {
    let fields = place;
    while (fields?.typename === undefined && fields?.prev) fields = fields.prev;
    return new ResolveInfo(run, field, fields?.prev);
  }

  get fieldName(): string {
    return this.#field.fieldName;
  }
  get fieldNodes(): readonly FieldNode[] {
    return this.#field.fieldNodes;
  }
  get returnType(): GraphQLOutputType {
    return this.#field.returnType;
  }
  get parentType(): GraphQLObjectType {
    return this.#field.parentType;
  }
  get path(): Place {
    return new Place(this.#parent, this.#field.key, this.#field.parentType.name);
  }
  get schema(): GraphQLSchema {
    return this.#field.of.schema;
  }
  get fragments(): OperationFacts['fragments'] {
    return this.#field.of.fragments;
  }
  get operation(): OperationDefinitionNode {
    return this.#field.of.operation;
  }
}
