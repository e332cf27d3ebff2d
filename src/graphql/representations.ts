import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Config } from '../settings/config.ts';
import { fragmentsOf, selectionCounter } from './extents.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation asks for, all its `_entities` fields together. */
export interface Demand {
  representations: number;
  /** What is selected: of an entity as often as there are representations to select it of, and all else once. */
  values: number;
}

/** What one operation may ask for. */
export type MostDemanded = Pick<Config, 'maxRepresentations' | 'maxValues'>;

/** An `_entities` field. */
interface EntitiesField {
  representations: ValueNode | undefined;
  /** Selections below it, its fragments expanded. */
  selections: number;
}

/**
 * Measures an operation that has been chosen and is about to be executed: once, for the variables of all its requests.
 * Validation cannot do this, the representations are mostly in variables.
 */
export function demandOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Variables) => Demand {
  const entities = operation.operation === 'query' ? entitiesFieldsOf(document, operation.selectionSet) : [];
  const once =
    selectionCounter(fragmentsOf(document))(operation.selectionSet) -
    entities.reduce((sum, { selections }) => sum + selections, 0);
  return (variables) => {
    const demand = { representations: 0, values: once };
    for (const { representations, selections } of entities) {
      const count = lengthOf(representations, operation, variables);
      demand.representations += count;
      demand.values += count * selections;
    }
    return demand;
  };
}

/** Why an operation asks for too much, undefined when it does not. */
export function excessOf(
  { representations, values }: Demand,
  { maxRepresentations, maxValues }: MostDemanded,
): string | undefined {
  if (representations > maxRepresentations)
    return `The operation asks for ${representations} representations; at most ${maxRepresentations} are allowed. Send them in several operations.`;
  if (values > maxValues)
    return `The operation asks for ${values} values: what it selects, and of its ${representations} representations for each of them; at most ${maxValues} are allowed. Ask for less, or in several operations.`;
  return undefined;
}

/**
 * Refuses an operation that asks for too much.
 *
 * @throws GraphQLError BAD_USER_INPUT, answered with HTTP status 400
 */
export function limitDemand(most: MostDemanded, demand: Demand): void {
  const excess = excessOf(demand, most);
  if (excess !== undefined)
    throw new GraphQLError(excess, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

function entitiesFieldsOf(document: DocumentNode, root: SelectionSetNode): EntitiesField[] {
  const fragmentNamed = fragmentsOf(document);
  const selectionsIn = selectionCounter(fragmentNamed);

  const fieldsIn = ({ selections }: SelectionSetNode): EntitiesField[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragmentNamed(selection.name.value);
        return fragment ? fieldsIn(fragment.selectionSet) : [];
      }
      if (selection.name.value !== '_entities') return [];
      const argument = selection.arguments?.find(({ name }) => name.value === 'representations');
      const below = selection.selectionSet ? selectionsIn(selection.selectionSet) : 0;
      return [{ representations: argument?.value, selections: below }];
    });

  return fieldsIn(root);
}

function lengthOf(
  value: ValueNode | undefined,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  if (value?.kind === Kind.LIST) return value.values.length;
  if (value?.kind !== Kind.VARIABLE) return value ? 1 : 0;
  const name = value.name.value;
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (given !== undefined) return Array.isArray(given) ? given.length : 1;
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return lengthOf(definition?.defaultValue, operation, variables);
}
