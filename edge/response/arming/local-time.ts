// The wall clock as a place shows it. A local moment is written as milliseconds since 1970 as if the place lay at UTC.

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Making a formatter costs a hundred times its use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const number = "numeric";
  const parts = { year: number, month: number, day: number, hour: number, minute: number } as const;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...parts });
  formatters.set(timeZone, made);
  return made;
}

/** Local moment of `wall` (ms since 1970, UTC) in an IANA time zone, to the minute. */
export function localOf(wall: number, timeZone: string): number {
  const parts = formatterOf(timeZone).formatToParts(wall);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((known) => known.type === type)?.value ?? 0);
  return daysOf(part("year"), part("month"), part("day")) * dayMs + (part("hour") * 60 + part("minute")) * minuteMs;
}

/** The moment at which the place shows `local`; within a minute, and in the hour that summer time skips or doubles, near enough. */
export function wallOf(local: number, timeZone: string): number {
  const guess = local - (localOf(local, timeZone) - local);
  return local - (localOf(guess, timeZone) - guess);
}

/** Day of the week of a local day (days since 1970), 1 = Monday to 7 = Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar: years begin in March, so that the leap day comes last. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}
