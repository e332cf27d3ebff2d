import type { ReactNode } from 'react';
import { useIsOld, useTrouble } from './answer.ts';
import { TroubleNotice } from './trouble-notice.tsx';

interface AnsweredProps {
  /** The path of the field below the page's root. */
  at: readonly string[];
  /** What the field is, for the start of a sentence about one thing: `Billing`. */
  subject: string;
  children: ReactNode;
}

/** Shows its children if there is something at this path, and what went wrong if it is missing or old. */
export function Answered({ at, subject, children }: AnsweredProps) {
  const trouble = useTrouble(at);
  const isOld = useIsOld(trouble);
  return (
    <>
      {trouble && <TroubleNotice trouble={trouble} subject={subject} />}
      {(!trouble || isOld) && children}
    </>
  );
}
