// Report and inventory as the desk has them at this moment, from one answer of the reaction thread.
import { readFileSync } from "node:fs";
import { type Signer, signerOf } from "../record/sign.js";
import { answer } from "./answer.js";
import type { Desk } from "./desk.js";
import type { DetailsBook } from "./inventory/details.js";
import { readDetails } from "./inventory/details-file.js";
import { type InventoryRow, inventoryRows } from "./inventory/rows.js";
import type { HandoverReply } from "./questions/handover.js";
import { type SignedReport, signReport } from "./report/bundle.js";
import { composeReport } from "./report/compose.js";

export interface Handover {
  readonly given: HandoverReply;
  readonly details: DetailsBook;
  readonly rows: readonly InventoryRow[];
}

/** @throws PortcullisError when the controller does not answer, or when the inventory's file is none of ours. */
export async function handoverAt(desk: Pick<Desk, "inquiry" | "dataDir">): Promise<Handover> {
  const given = await answer(desk, { kind: "handover" });
  return seen(given, readDetails(desk.dataDir));
}

export function seen(given: HandoverReply, details: DetailsBook): Handover {
  return { given, details, rows: inventoryRows({ ...given, details }) };
}

/** Unsigned where the box has no key. */
export function reportOf({ given, rows }: Handover, signer: Signer | null): SignedReport {
  const timeZone = given.config.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return signReport(composeReport(given, rows, timeZone), signer);
}

/** Null, without a word, where there is none that can be used: the recorder tells of that. */
export function signerAt(keyFile: string): Signer | null {
  try {
    return signerOf(readFileSync(keyFile, "utf8"));
  } catch {
    // The report then says that it is not signed.
    return null;
  }
}
