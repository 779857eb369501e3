// The sections of the page in the order of navigation: one file each, one line here.
import type { Text } from "../../model/text.js";
import type { Context } from "./context.js";
import { barriers } from "./sections/barriers.js";
import { gatehouse } from "./sections/gatehouse.js";
import { guided } from "./sections/guided.js";
import { settingsHistory } from "./sections/history.js";
import { deviceInventory } from "./sections/inventory.js";
import { points } from "./sections/points.js";
import { commissioningReport } from "./sections/report.js";
import { vibration } from "./sections/vibration.js";
import { walk } from "./sections/walk.js";

export interface Section {
  /** In the address, after `#`. */
  readonly id: string;
  /** Where it stands in the navigation. */
  readonly part: "gatehouse" | "commissioning";
  readonly title: Text;
  /** Fresh elements each time; top-level ones carry a `data-key`. What is typed survives as long as the element does. */
  readonly view: (context: Context) => readonly HTMLElement[];
}

export const sections: readonly Section[] = [
  gatehouse,
  points,
  walk,
  guided,
  vibration,
  barriers,
  settingsHistory,
  commissioningReport,
  deviceInventory,
];
