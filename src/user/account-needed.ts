import { type FieldNode, type GraphQLResolveInfo, visit } from 'graphql';
import { accountFor } from '../providers/fields.ts';
import type { ProviderName } from '../providers/registry.ts';

/** What a resolver is told of the fields below its own. */
export type Selection = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

const needed = new WeakMap<FieldNode, ProviderName | undefined>();

/**
 * The one provider whose accounts are needed for what is selected of `User`s: undefined if it is none, or several.
 * Worked out once for each document. A field that is selected in two places is judged by the first, which may cost
 * time, never an answer.
 */
export function accountNeeded({ fieldNodes: [node], fragments }: Selection): ProviderName | undefined {
  if (!node) return undefined;
  if (!needed.has(node)) {
    const [first, ...others] = providersIn(node, fragments);
    needed.set(node, others.length === 0 ? first : undefined);
  }
  return needed.get(node);
}

/** No other type has fields of these names, so a field's name is enough. */
function providersIn(node: FieldNode, fragments: Selection['fragments']): Set<ProviderName> {
  const found = new Set<ProviderName>();
  const look = (root: FieldNode | Selection['fragments'][string]) =>
    visit(root, {
      Field({ name }) {
        const provider = accountFor.get(name.value);
        if (provider) found.add(provider);
      },
      FragmentSpread({ name }) {
        const fragment = fragments[name.value];
        if (fragment) look(fragment);
      },
    });
  look(node);
  return found;
}
