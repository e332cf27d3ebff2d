import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  type OperationDefinitionNode,
} from 'graphql';
import { conditionsOf } from './execution/conditions.ts';
import { requestErrorMessage } from './request-error.ts';

/** The most wrong values of variables that are told, one by one. */
const MOST_TOLD = 10;

/**
 * Refuses values of variables that graphql-js finds wrong too late, or at too great a cost.
 *
 * It tells of 50, and for each field that an object should not have it writes down all of the object: 15,000 such fields
 * took a third of a second. And that a condition is null it finds when it comes to it: a mutation has been carried out
 * by then, when the condition is further in.
 *
 * @throws GraphQLError BAD_USER_INPUT, answered with HTTP status 400
 */
export function refuseWrongValues(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
): void {
  const definitions = operation.variableDefinitions ?? [];
  const { errors, coerced } = getVariableValues(schema, definitions, sent, { maxErrors: MOST_TOLD });
  const [first] = errors ?? [];
  if (errors && first && errors.length > MOST_TOLD)
    throw wrong(
      `More than ${MOST_TOLD} values of the variables are wrong. The first: ${requestErrorMessage(first.message)}`,
    );
  if (!coerced || operation.operation !== OperationTypeNode.MUTATION) return;
  const nullish = conditionsOf(document, operation).find((name) => (coerced[name] ?? null) === null);
  if (nullish !== undefined)
    throw wrong(`Variable "$${nullish}" is a condition and must not be null: nothing was changed.`);
}

function wrong(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}
