import { LONGEST_NAME } from './operation-report.ts';
import { after, recovering } from '../loading/soon.ts';
import { type Logger, logPlain } from './log.ts';
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

  function write(operator: string | null, people: string[], fields: object): void {
    for (let from = 0; from < people.length; from += PEOPLE_IN_A_LINE) {
      const some = people.slice(from, from + PEOPLE_IN_A_LINE);
      logPlain(audit, { ...fields, operator, people: some }, 'an operator read');
    }
  }

  return {
    begins({ operation, viewer }) {
      return ({ definition }) => {
        const { peopleRead, requestId, trace } = operation;
        if (peopleRead === undefined) return;
        count(peopleRead.size);
        const fields = {
          requestId,
          traceId: trace?.traceparent.split('-')[1],
          operation: definition?.name?.value.slice(0, LONGEST_NAME) ?? null,
        };
        const owner = recovering(
          () => viewer.id(),
          () => null,
        );
        void after(owner, (operator) => write(operator, [...peopleRead], fields));
      };
    },
  };
}
