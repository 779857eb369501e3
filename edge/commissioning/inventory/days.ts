// Days as people write them, `YYYY-MM-DD`, and how many lie between two of them.

const dayMs = 86_400_000;

/** A day of the calendar between 1970 and 2199. */
export function isDay(text: string): boolean {
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year < "1970" || year > "2199") return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** The same day in the one form; spreadsheets write 2026/1/5 and people 2026年1月5日. What is no day stays as it is. */
export function dayIn(text: string): string {
  const found = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text.trim());
  if (found === null) return text.trim();
  const [, year = "", month = "", day = ""] = found;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The day on the wall of the site. */
export function dayAt(wall: number, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(wall);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}
