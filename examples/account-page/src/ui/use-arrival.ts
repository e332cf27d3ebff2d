import { useLayoutEffect, useRef } from 'react';

/** Names the tab after a view that has just appeared, and puts the focus on its heading, where reading starts. */
export function useArrival<E extends HTMLElement>(title: string) {
  const heading = useRef<E>(null);
  useLayoutEffect(() => {
    document.title = title;
    heading.current?.focus();
  }, [title]);
  return heading;
}
