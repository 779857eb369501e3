// Looks now and then, and after each change of the inventory, whose maintenance is due, and tells the controller, which opens the
// work orders.
import { join } from "node:path";
import { markOf } from "../../machine/whole-file.js";
import type { MonoMs } from "../../model/time.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import { handoverAt } from "../handover.js";
import { detailsFile } from "./details-file.js";
import { dueDevices } from "./rows.js";

/** Days are what counts here. */
const lookEveryMs = 600_000;

/** The returned function is called as often as one likes; it never rejects. */
export function watchDue(
  desk: Pick<Desk, "clock" | "inquiry" | "dataDir" | "status">,
  trouble: (detail: string) => void,
): () => Promise<void> {
  let nextAt: MonoMs = Number.NEGATIVE_INFINITY;
  let mark: string | null = null;
  let isLooking = false;
  return async () => {
    const present = markOf(join(desk.dataDir, detailsFile));
    const isDue = present !== mark || desk.clock.mono() >= nextAt;
    if (!isDue || isLooking || desk.status()?.ready !== true) return;
    isLooking = true;
    nextAt = desk.clock.mono() + lookEveryMs;
    mark = present;
    try {
      const devices = dueDevices((await handoverAt(desk)).rows);
      if (devices.length > 0) await answer(desk, { kind: "due", devices });
    } catch (error) {
      trouble(`inventory: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      isLooking = false;
    }
  };
}
