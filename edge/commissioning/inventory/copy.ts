// Tells the hub, by way of the journal, what people know of the devices, so that a spare box knows it as well: after the start, and
// after each change of the file at the most so often.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { markOf } from "../../machine/whole-file.js";
import { fact } from "../../model/fact.js";
import { keptParts } from "../../model/kept-parts.js";
import type { MonoMs } from "../../model/time.js";
import type { Desk } from "../desk.js";
import { detailsFile } from "./details-file.js";

/** A large inventory that is entered device by device would fill the journal. */
export const inventoryEveryMs = 600_000;
export const inventoryRetryMs = 60_000;

/** The returned function is called as often as one likes; it never rejects. What was not recorded is told again. */
export function copyInventory(
  desk: Pick<Desk, "clock" | "inquiry" | "dataDir" | "status">,
  trouble: (detail: string) => void,
): () => Promise<void> {
  const path = join(desk.dataDir, detailsFile);
  let told: string | null = null;
  let nextAt: MonoMs = Number.NEGATIVE_INFINITY;
  let isTelling = false;

  async function tell(edge: string): Promise<boolean> {
    const text = readFileSync(path, "utf8");
    const hash = createHash("sha256").update(text).digest("hex");
    for (const part of keptParts(text, hash)) {
      const facts = [fact("inventory.kept", `${edge}/${part.part}`, part)];
      const reply = await desk.inquiry.ask({ kind: "record", facts });
      if (!reply.ok) trouble(`inventory: ${reply.code}: not kept`);
      if (!reply.ok) return false;
    }
    return true;
  }

  return async () => {
    const status = desk.status();
    const mark = markOf(path);
    if (isTelling || status === null || mark === null || mark === told || desk.clock.mono() < nextAt) return;
    isTelling = true;
    nextAt = desk.clock.mono() + inventoryRetryMs;
    try {
      if (await tell(status.edge)) {
        told = mark;
        nextAt = desk.clock.mono() + inventoryEveryMs;
      }
    } catch (error) {
      trouble(`inventory: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      isTelling = false;
    }
  };
}
