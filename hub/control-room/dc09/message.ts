// The data part of a DC-09 message: SIA-DCS text or Contact ID digits, and when it happened if that is a while ago.
import type { Event } from "./events.js";
import { timestampOf } from "./frame.js";

export type Format = "SIA-DCS" | "ADM-CID";

/** Older than this, a message says when it happened. */
const freshMs = 60_000;

/** `Nri1/BA007*North fence: Fence cut`, or `1131 01 007`. */
export function dataOf(event: Event, format: Format): string {
  const zone = String(event.zone).padStart(3, "0");
  if (format === "ADM-CID") return `${event.qualifier}${event.cid} ${String(event.area).padStart(2, "0")} ${zone}`;
  return `Nri${event.area}/${event.sia}${zone}*${event.text}`;
}

/** Extended data H, the time of occurrence, for what the receiver hears late. */
export function lateness(event: Event, now: number): string {
  return now - event.occurredAt > freshMs ? `[H${timestampOf(event.occurredAt).slice(1)}]` : "";
}
