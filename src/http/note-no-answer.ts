import { CONNECTION_FAULTS } from './connection-faults.ts';
import type { NoAnswer } from './no-answer.ts';
import type { UpstreamParts } from './parts.ts';

/** Counts and logs what is wrong with the way to a provider, and logs why there is no answer. */
export function noteNoAnswer(
  { name, counters, log }: Pick<UpstreamParts, 'name' | 'counters' | 'log'>,
  noAnswer: NoAnswer & { attempt?: number },
  message: string,
): void {
  const { fault } = noAnswer;
  if (fault) counters.connectionFaults[fault] += 1;
  const why = fault && CONNECTION_FAULTS[fault].why;
  log.warn({ provider: name, ...noAnswer, why }, message);
}
