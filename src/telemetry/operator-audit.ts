import { LONGEST_NAME } from './operation-report.ts';
import type { Logger } from './log.ts';
import type { OperationObserver } from './operation-observer.ts';

/** People in one line: the lines of an operation name all of them. */
const PEOPLE_IN_A_LINE = 100;

/**
 * Writes down whom operators read: who, when, for which operation, everybody by user id. Who an operator is, is their
 * own login token's owner; without one it is whoever the gateway let in under the request's id. Told whatever the log's
 * level is, but for `silent`. `count` hears of each operation of an operator's, and of how many people it read.
 */
export function operatorAudit(log: Logger, count: (people: number) => void): OperationObserver {
  const audit = log.child({}, log.level === 'silent' ? {} : { level: 'info' });
  return {
    begins({ operation, viewer }) {
      return async ({ definition }) => {
        const { peopleRead, requestId, trace } = operation;
        if (peopleRead === undefined) return;
        count(peopleRead.size);
        const at = new Date().toISOString();
        const operator = await Promise.resolve()
          .then(() => viewer.id())
          .catch(() => null);
        const people = [...peopleRead];
        for (let from = 0; from < people.length; from += PEOPLE_IN_A_LINE)
          audit.info(
            {
              requestId,
              traceId: trace?.traceparent.split('-')[1],
              at,
              operator,
              operation: definition?.name?.value.slice(0, LONGEST_NAME) ?? null,
              people: people.slice(from, from + PEOPLE_IN_A_LINE),
            },
            'an operator read',
          );
      };
    },
  };
}
