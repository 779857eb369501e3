// Time as people read it. The hub's clock is followed, because a guard's computer may be wrong by minutes.
import { say } from "./language.js";

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

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

function day(date: Date): string {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Local time of day, `10:58:59.224`. */
export function exactTime(time: string): string {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Local day and time of day. */
export function exactDayAndTime(time: string): string {
  return `${day(new Date(time))} ${exactTime(time)}`;
}

/** The same without the day when that is today. */
export function exactWhen(time: string): string {
  return day(new Date(time)) === day(new Date(hubNow())) ? exactTime(time) : exactDayAndTime(time);
}

/** The same to the second. */
export function when(time: string): string {
  return exactWhen(time).slice(0, -4);
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

/** Age of something for a list, in its two largest units. */
export function age(time: string): string {
  const total = Math.max(0, Math.floor((hubNow() - Date.parse(time)) / 1000));
  const [d, h, m, s] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const key = d > 0 ? "agoDays" : h > 0 ? "agoHours" : m > 0 ? "agoMinutes" : "agoSeconds";
  return say(key, { d, h, m, s });
}
