/** What graphql-js says, while it executes, of values that a request brought along or left out. */
const OF_VALUES =
  /^(?:Variable "\$\w+" |Argument "\w+" (?:of (?:required|non-null) type |has invalid value )|Too many errors processing variables)/;

/** The longest message that is made of a client's own text, in characters. */
const LONGEST = 500;

/** Whether an error that graphql-js threw while it executed is the request's own, by its message: it has no code. */
export function isOfRequest(message: string): boolean {
  return OF_VALUES.test(message);
}

/**
 * What a client is told of what its request got wrong. graphql-js repeats the request's text, whole values and however
 * long; a value is private, and half of a surrogate pair is no Unicode: a gateway would drop the answer for it. So
 * values are left out, also what stands where text of GraphQL was expected, and all else is cut.
 */
export function requestErrorMessage(message: string): string {
  if (message === 'Validation aborted.')
    return 'The same fields are selected too often in the same places to be compared with each other. Select each once.';
  const told = withoutValue(withoutToken(message));
  return (told.length > LONGEST ? `${told.slice(0, LONGEST)}…` : told).toWellFormed();
}

/** Keeps what kind of token was met: a name or a value in a wrong place may be somebody's key without its quotes. */
function withoutToken(message: string): string {
  return message.replace(/^(Syntax Error: .*?\b(?:Name|String|BlockString|Int|Float)) ".*"\.$/s, '$1.');
}

/** Keeps where it went wrong and, where that is a name of the schema, what is wrong: neither a value nor a suggestion. */
function withoutValue(message: string): string {
  const argument = /^Argument "\w+" has invalid value /.exec(message)?.[0];
  if (argument !== undefined) return `${argument.slice(0, -1)}: it does not fit its type.`;
  const variable = /^Variable "\$(\w+)" got invalid value /.exec(message)?.[1];
  if (variable === undefined) return message;
  const place = /^[\w.[\]]+(?="; )/.exec(message.split(' at "').at(-1) ?? '')?.[0] ?? variable;
  const missing = /Field "\w+" of required type "[\w![\]]+" was not provided\.$/.exec(message)?.[0];
  const unknownTo = /is not defined by type "(\w+)"\.(?: Did you mean .*)?$/s.exec(message)?.[1];
  const why =
    missing ?? (unknownTo ? `It has a field that ${unknownTo} does not.` : 'It does not fit its type.');
  return `Variable "$${variable}" got an invalid value at "${place}". ${why}`;
}
