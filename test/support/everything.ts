import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';

/** Selects every field below a type, but for those of its own that are named. */
export function everything(type: GraphQLObjectType, without: readonly string[] = []): string {
  const fields = Object.values(type.getFields()).filter(({ name }) => !without.includes(name));
  return fields
    .map((field) => {
      const below = getNamedType(field.type);
      return isObjectType(below) ? `${field.name} { ${everything(below)} }` : field.name;
    })
    .join(' ');
}
