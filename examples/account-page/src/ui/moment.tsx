const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A `DateTime` in the reader's own time zone and language. */
export function Moment({ at, withTime = false }: { at: string; withTime?: boolean }) {
  const format = withTime ? DAY_AND_TIME : DAY;
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
