// How far back the ledger tells of alarms: of what is older, retention leaves last words on things that may have been alarms
// once, without who saw them and how they ended. Only those that it named as open are alarms still.
import type { Ledger, LedgerRow } from "./ledger/ledger.js";

/** Type of the hub's own record of what retention took; data: `storedBefore`, `gone`, `open`. */
export const retiredType = "ledger.retired";

/** Whether an alarm of this row is over. */
export type Horizon = (row: LedgerRow) => boolean;

/** As the last retention tells it; nothing is over where an older hub did not say what was open. */
export async function readHorizon(ledger: Pick<Ledger, "newestOf">): Promise<Horizon> {
  const [last] = await ledger.newestOf({ site: "", edge: "hub", type: retiredType, limit: 1 });
  const { storedBefore, open } = (last?.record.data ?? {}) as { storedBefore?: string; open?: readonly number[] };
  if (last === undefined || storedBefore === undefined || open === undefined) return () => false;
  const stay = new Set(open);
  // A row that came later is no older than this, whatever its clock said.
  return ({ sequence, storedAt }) => sequence < last.sequence && storedAt < storedBefore && !stay.has(sequence);
}
