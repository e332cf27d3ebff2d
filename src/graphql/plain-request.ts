/** A request that says nothing but which operation to execute, with which variables. */
export interface PlainRequest {
  query: string;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** Reads a body as one; undefined when it says more, or something else. */
export function plainRequest(body: unknown): PlainRequest | undefined {
  if (!isObject(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || (extensions ?? null) !== null) return undefined;
  if ((variables ?? null) !== null && !isObject(variables)) return undefined;
  if ((operationName ?? null) !== null && !isName(operationName)) return undefined;
  return { query, operationName, variables } as PlainRequest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^\w+$/.test(value);
}
