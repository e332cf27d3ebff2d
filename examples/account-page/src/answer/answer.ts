import { createContext, use } from 'react';
import type { Trouble } from './trouble.ts';

/** What the sections of a page share beside their data: what is missing, and a way to ask again. */
export interface Answer {
  /** The field of `Query` that the page hangs on. */
  root: string;
  /** What there is, as far as it was answered. */
  data: object | undefined;
  troubles: readonly Trouble[];
  isLoading: boolean;
  reload: () => void;
}

const AnswerContext = createContext<Answer | null>(null);

export const AnswerProvider = AnswerContext.Provider;

export function useAnswer(): Answer {
  const answer = use(AnswerContext);
  if (!answer) throw new Error('There is no <AnswerProvider> around this.');
  return answer;
}

/** Why the field at this path below the root is missing or old, if it is. */
export function useTrouble(path: readonly string[]): Trouble | undefined {
  const { root, troubles } = useAnswer();
  const place = [root, ...path].join('.');
  return troubles.find((trouble) => trouble.path.join('.') === place);
}

/** Whether there is something all the same, from an earlier answer. */
export function useIsOld(trouble: Trouble | undefined): boolean {
  const { data } = useAnswer();
  if (!trouble || trouble.path.length === 0) return false;
  const found = trouble.path.reduce<unknown>((at, key) => Object(at)[key], data);
  return found !== undefined && found !== null;
}
