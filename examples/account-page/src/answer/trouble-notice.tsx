import { useLayoutEffect, useRef } from 'react';
import { useAnswer, useIsOld } from './answer.ts';
import type { Trouble } from './trouble.ts';
import { troubleWords } from './trouble-words.ts';

/** In the place of something that is missing, or above what is old: what, why, and a button where asking again may help. */
export function TroubleNotice({ trouble, subject }: { trouble: Trouble; subject: string }) {
  const { reload, isLoading } = useAnswer();
  const button = useRef<HTMLButtonElement>(null);
  const isOld = useIsOld(trouble);
  const { title, why } = troubleWords(trouble, subject, isOld);

  // When asking again has helped, the button goes: whoever stood on it is taken to the heading above.
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (!element || document.activeElement !== element) return;
      element.closest('section')?.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
    };
  }, []);

  return (
    <div className={trouble.code === 'FORBIDDEN' ? 'notice' : 'notice is-warning'}>
      <p>
        <strong>{title}</strong> {why}
      </p>
      {trouble.retryable && (
        <button ref={button} className="button is-small" onClick={reload} aria-disabled={isLoading}>
          {isLoading ? 'Trying again…' : 'Try again'}
        </button>
      )}
    </div>
  );
}
