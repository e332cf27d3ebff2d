import { type DocumentNode, Kind, type OperationDefinitionNode, type TypeNode, visit } from 'graphql';

/**
 * The variables that decide what is selected. No others, though another operation of the document may have a condition
 * of the same name: of these the values are true, false or null, and all else that a client sends may be long or odd.
 */
export function conditionsOf(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: ({ arguments: values = [] }) => {
      for (const { value } of values) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return (operation.variableDefinitions ?? [])
    .filter(({ type }) => isBoolean(type.kind === Kind.NON_NULL_TYPE ? type.type : type))
    .map(({ variable }) => variable.name.value)
    .filter((name) => names.has(name));
}

function isBoolean(type: TypeNode): boolean {
  return type.kind === Kind.NAMED_TYPE && type.name.value === 'Boolean';
}
