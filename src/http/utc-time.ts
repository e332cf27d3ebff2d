const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$/;

/** A time that needs no change, if its month has that day. */
const IN_OUR_FORM =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** Whether a date's month has that day. The first hundred years, which `Date.UTC` takes for others, are left out. */
function isInItsMonth(date: string): boolean {
  const lastOfMonth = new Date(Date.UTC(+date.slice(0, 4), +date.slice(5, 7), 0));
  return date >= '0100' && +date.slice(8, 10) <= lastOfMonth.getUTCDate();
}

/**
 * A provider's time as RFC 3339 in UTC, its fraction digits kept; null when it cannot be read.
 * Accepts `Z`, an offset, no zone (read as UTC), 0 to 9 fraction digits and a bare date (midnight UTC): the four
 * providers send all of these, one of them two forms in the same body.
 */
export function utcTime(text: string): string | null {
  // Most are: taking them apart all the same costs `_entities` of 100 users 4 % of its processor time.
  if (IN_OUR_FORM.test(text) && (text.slice(8, 10) <= '28' || isInItsMonth(text))) return text;
  const match = TIME.exec(text);
  if (!match) return null;
  const [
    ,
    year,
    month,
    day,
    hour = '00',
    minute = '00',
    second = '00',
    fraction,
    ,
    sign,
    offsetHour,
    offsetMinute,
  ] = match as unknown as [string, string, string, string, ...(string | undefined)[]];
  const local = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  const date = new Date(local);
  date.setUTCFullYear(+year, +month - 1, +day);
  // A day that the month does not have runs over into another month.
  const isCalendarDate = date.getUTCMonth() === +month - 1;
  if (!isCalendarDate || +hour > 23 || +minute > 59 || +second > 59) return null;
  if (sign) {
    if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
    const minutes = Number(offsetHour) * 60 + Number(offsetMinute);
    date.setTime(date.getTime() - (sign === '-' ? -minutes : minutes) * 60_000);
    const shifted = date.getUTCFullYear();
    if (shifted < 0 || shifted > 9999) return null;
  }
  return `${date.toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}
