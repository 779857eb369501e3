// How old a record is, as far as clocks can tell.
import type { JournalRecord } from "../model/record.js";
import { type Stamp, timeLeft } from "../model/time.js";

/**
 * Milliseconds since the record was made, by its box's clocks. A record of an earlier boot is at least as old as the present
 * boot; more is known only when both wall clocks could be believed.
 */
export function ageOf({ boot, mono, time, clocktrust }: JournalRecord, now: Stamp): number {
  const madeAt = { boot, mono: Number(mono) / 1e6, wall: Date.parse(time), clock: clocktrust };
  const { leftMs } = timeLeft(madeAt, now);
  return Math.round(Math.max(0, -leftMs, boot === now.boot ? 0 : now.mono));
}
