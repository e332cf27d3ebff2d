import { type Exchange, mapExchange } from '@urql/core';
import type { PartialAnswers } from 'user-subgraph-contract/partial-answers';

/** For urql, between the cache and `fetchExchange`. */
export function partialAnswersExchange(parts: PartialAnswers): Exchange {
  return mapExchange({
    onResult(result) {
      const { operation, data, error } = result;
      const query = operation.kind === 'query' ? operation.key : undefined;
      return { ...result, data: parts.heard({ data, errors: error?.graphQLErrors }, query) };
    },
  });
}
