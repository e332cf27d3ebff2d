const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?(?: ?(?:[Zz]|UTC|GMT|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?(?: UTC| GMT)?))?)?$/;

/** A time that needs no change but for its zone, if its month has that day. */
const IN_OUR_FORM =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z?$/;

/**
 * What programs write for no time at all: Go's zero `time.Time`, .NET's `DateTime.MinValue` and Python's `datetime.min`
 * are the first day of the year 1, MySQL's is the day 0 of the month 0 of the year 0. 1970 is none of these: people were
 * born then.
 */
const NO_TIME = /^(?:0001-01-01|0000-00-00)(?:[Tt ]|$)/;

/** Whether a date's month has that day. Not for the first hundred years, which `Date.UTC` takes for others. */
function isInItsMonth(date: string): boolean {
  const lastOfMonth = new Date(Date.UTC(+date.slice(0, 4), +date.slice(5, 7), 0));
  return +date.slice(8, 10) <= lastOfMonth.getUTCDate();
}

/**
 * A provider's time as RFC 3339 in UTC, its fraction digits kept, up to nine; null when it says that there is none
 * (`NO_TIME`), undefined when it cannot be read.
 *
 * Accepts what ISO 8601 and the programs behind the providers write: `Z`, `UTC` or an offset (`+05:30`, `+0530`,
 * PostgreSQL's `+00`), no zone (read as UTC), no seconds (Java's `LocalDateTime`), a space for the `T`, a fraction after
 * a comma, a leap second (read as the one that follows), and a bare date (midnight UTC). The four providers send several
 * of these, one of them two forms in the same body.
 */
export function utcTime(text: string): string | null | undefined {
  // Most are: taking them apart all the same costs `_entities` of 100 users 4 % of its processor time.
  if (IN_OUR_FORM.test(text) && (text.slice(8, 10) <= '28' || isInItsMonth(text)))
    return text.endsWith('Z') ? text : `${text}Z`;
  if (NO_TIME.test(text)) return null;
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour = '00',
    minute = '00',
    second = '00',
    fraction,
    sign,
    offsetHour = '00',
    offsetMinute = '00',
    offsetSecond = '00',
  ] = match as unknown as [string, string, string, string, ...(string | undefined)[]];
  const date = new Date(Date.UTC(+year, +month - 1, +day));
  date.setUTCFullYear(+year, +month - 1, +day);
  // A day that the month does not have runs over into another month.
  if (date.getUTCMonth() !== +month - 1) return undefined;
  if (+hour > 23 || +minute > 59 || +second > 60) return undefined;
  if (+offsetHour > 23 || +offsetMinute > 59 || +offsetSecond > 59) return undefined;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60 + Number(offsetSecond);
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  date.setTime(date.getTime() + (seconds - (sign === '-' ? -offset : offset)) * 1000);
  const shifted = date.getUTCFullYear();
  if (shifted < 0 || shifted > 9999) return undefined;
  return `${date.toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}
