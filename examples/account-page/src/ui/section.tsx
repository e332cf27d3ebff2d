import { type ReactNode, useId } from 'react';
import { Answered } from '../answer/answered.tsx';

/** A titled part of the page. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  const headingId = useId();
  return (
    <section className="card" aria-labelledby={headingId}>
      <h2 id={headingId} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SectionProps {
  title: string;
  /** The path of the field below the page's root that the whole section hangs on. */
  at: readonly string[];
  /** What is missing when the field is, for the start of a sentence; the title if not given. */
  subject?: string;
  children: ReactNode;
}

/** A titled part of the page, or in its place what went wrong. */
export function Section({ title, at, subject = title, children }: SectionProps) {
  return (
    <Card title={title}>
      <Answered at={at} subject={subject}>
        {children}
      </Answered>
    </Card>
  );
}
