import { ApolloLink } from '@apollo/client';
import { map } from 'rxjs';
import type { PartialAnswers } from 'user-subgraph-contract/partial-answers';

/** For Apollo Client, before its HttpLink, with `errorPolicy: 'all'`. */
export function partialAnswersLink(parts: PartialAnswers): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const isQuery = operation.operationType === 'query';
    const query = isQuery ? `${operation.operationName} ${JSON.stringify(operation.variables)}` : undefined;
    return forward(operation).pipe(
      map((answer) => ('data' in answer ? { ...answer, data: parts.heard(answer, query) } : answer)),
    );
  });
}
