// Tells an alarm that comes out of a box's backlog from one that has just happened.
import type { LedgerRow } from "../ledger/ledger.js";

/** What is older than this when it arrives is history: to be seen and acknowledged, no call to run. */
const historicalAfterMs = 60_000;

/** By the box's own clocks where it tells of them, else by the wall clocks if that of the box could be believed. */
export function isHistorical({ ageMs, storedAt, record }: LedgerRow): boolean {
  const byWall = record.clocktrust === "synchronised" ? Date.parse(storedAt) - Date.parse(record.time) : 0;
  return (ageMs ?? byWall) > historicalAfterMs;
}
