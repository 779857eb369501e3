// Remembers across restarts what the hub has on its disk. Losing the newest of it costs nothing: the hub states it anew.
import type { Disk } from "../machine/ports.js";
import type { LaneHead } from "../model/record.js";
import { laneKey } from "../record/verify.js";
import { decodeLine, encodeLine } from "./line.js";

const name = "acknowledged";

/** Heads by `laneKey`; empty when there is none or it cannot be read. */
export async function loadAcknowledged(disk: Disk): Promise<Map<string, LaneHead>> {
  if (!(await disk.list()).includes(name)) return new Map();
  const file = await disk.open(name, "read");
  try {
    const bytes = Buffer.from(await file.read(0, await file.size()));
    const heads = (decodeLine(bytes.subarray(0, -1))?.value ?? []) as readonly LaneHead[];
    return new Map(heads.map((head) => [laneKey(head), head]));
  } finally {
    await file.close();
  }
}

export async function saveAcknowledged(disk: Disk, heads: ReadonlyMap<string, LaneHead>): Promise<void> {
  const file = await disk.open(`${name}.new`, "create");
  try {
    await file.write(0, encodeLine(true, [...heads.values()]));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(`${name}.new`, name);
  await disk.syncFolder();
}
