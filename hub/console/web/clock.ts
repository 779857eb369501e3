// Time as people read it. The hub's clock is followed, because a guard's computer may be wrong by minutes.
import { locale, say } from "./language.js";

let hubAheadMs = 0;

/** Takes over the hub's clock from the `Date` header of an answer (whole seconds). */
export function followHub(date: string | null): void {
  const wall = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(wall)) hubAheadMs = wall + 500 - Date.now();
}

/** The hub's time in ms since 1970. */
export function hubNow(): number {
  return Date.now() + hubAheadMs;
}

function format(time: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { hourCycle: "h23", ...options }).format(new Date(time));
}

const toSeconds = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
const toDay = { year: "numeric", month: "2-digit", day: "2-digit" } as const;

/** Local time with seconds; with the day when it is not today. */
export function clockTime(time: string): string {
  const isToday = new Date(time).toDateString() === new Date(hubNow()).toDateString();
  return format(time, isToday ? toSeconds : { ...toDay, ...toSeconds });
}

/** Local day and time with milliseconds. */
export function exactTime(time: string): string {
  return format(time, { ...toDay, ...toSeconds, fractionalSecondDigits: 3 });
}

/** Local time of day with milliseconds. */
export function exactTimeOfDay(time: string): string {
  return format(time, { ...toSeconds, fractionalSecondDigits: 3 });
}

/** Milliseconds from one moment to another. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** `12.345 s` */
export function seconds(ms: number, digits = 3): string {
  return `${(ms / 1000).toFixed(digits)} s`;
}

/** `+12.345 s`, with a true minus sign. */
export function offset(ms: number): string {
  return `${ms < 0 ? "−" : "+"}${seconds(Math.abs(ms))}`;
}

/** Age of something for a list: the two largest units. */
export function age(time: string): string {
  const total = Math.max(0, Math.floor((hubNow() - Date.parse(time)) / 1000));
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
  ];
  const span =
    days > 0
      ? `${days} d ${hours} h`
      : hours > 0
        ? `${hours} h ${minutes} min`
        : minutes > 0
          ? `${minutes} min ${total % 60} s`
          : `${total} s`;
  return say("ago", { span });
}
