// Settings of a new revision that wait for the next start: what is opened once.
import type { EdgeConfig } from "../../model/site.js";

export function heldBack(present: EdgeConfig, next: EdgeConfig): readonly string[] {
  const once = ["http", "uplink", "journal"] as const;
  return once.filter((key) => JSON.stringify(present[key]) !== JSON.stringify(next[key]));
}
