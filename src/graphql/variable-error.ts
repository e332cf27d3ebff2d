/**
 * What a client is told of a variable that does not fit its type. The library's own message repeats the whole
 * value, which is private, and suggests names of the schema. This one keeps where it went wrong and, where that
 * is a name of the schema, what is wrong. Any other message comes back as it is.
 */
export function withoutValue(message: string): string {
  const variable = /^Variable "\$(\w+)" got invalid value /.exec(message)?.[1];
  if (variable === undefined) return message;
  const place = /^[\w.[\]]+(?="; )/.exec(message.split(' at "').at(-1) ?? '')?.[0] ?? variable;
  const missing = /Field "\w+" of required type "[\w![\]]+" was not provided\.$/.exec(message)?.[0];
  const unknownTo = /is not defined by type "(\w+)"\.(?: Did you mean .*)?$/s.exec(message)?.[1];
  const why =
    missing ?? (unknownTo ? `It has a field that ${unknownTo} does not.` : 'It does not fit its type.');
  return `Variable "$${variable}" got an invalid value at "${place}". ${why}`;
}
