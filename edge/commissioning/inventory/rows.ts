// The inventory as it is shown: each device with its details, its runs, and when its maintenance is due.
import type { Durable } from "../../model/durable.js";
import type { DutyConfig } from "../../model/plan.js";
import type { EdgeConfig } from "../../model/site.js";
import type { Stamp } from "../../model/time.js";
import type { Book } from "../book.js";
import { dayAfter, dayAt } from "./days.js";
import { type Details, type DetailsBook, noDetails } from "./details.js";
import { type Device, devicesOf } from "./devices.js";

export interface InventoryRow extends Device, Details {
  /** Runs since the last service; null where nothing runs. */
  readonly cycles: number | null;
  /** Also of what was accepted by a work order or reported as a duty; empty where it is not known. */
  readonly lastServicedOn: string;
  /** Interval of its details, else of the configured duty that names it. */
  readonly everyDays: number | null;
  /** Empty where nothing is planned or nobody knows since when it counts. */
  readonly dueOn: string;
  /** `unknown`: an interval without a day from which it counts, or a clock that nobody may believe. */
  readonly due: "due" | "planned" | "unknown" | "none";
  /** A configured duty keeps watch over it by itself. */
  readonly isDuty: boolean;
}

export interface InventorySight {
  readonly config: EdgeConfig;
  readonly durable: Pick<Durable, "cycles" | "serviced" | "duties">;
  readonly book: Pick<Book, "inventory">;
  readonly details: DetailsBook;
  readonly now: Stamp;
}

const dayMs = 86_400_000;

export function inventoryRows(sight: InventorySight): readonly InventoryRow[] {
  return devicesOf(sight.config, sight.book.inventory).map((device) => rowOf(device, sight));
}

function rowOf(device: Device, sight: InventorySight): InventoryRow {
  const { config, durable, details: known, now } = sight;
  const details = known.get(device.device) ?? noDetails;
  const cycles = device.class === "barrier" ? (durable.cycles[device.device.slice("barrier:".length)] ?? 0) : null;
  const duty = (config.duties ?? []).find((each) => each.kind === "maintenance" && each.device === device.device);
  const lastServicedOn = lastDay(device, details, duty, sight);
  const everyDays = details.intervalDays ?? (duty === undefined ? null : Math.round(duty.everyMs / dayMs));
  const from = lastServicedOn === "" ? details.installedOn : lastServicedOn;
  const dueOn = everyDays === null || from === "" ? "" : dayAfter(from, everyDays);
  const isWorn = device.serviceCycles !== null && (cycles ?? 0) >= device.serviceCycles;
  const today = now.clock === "never-set" ? null : dayAt(now.wall, config.timeZone);
  const due = isWorn ? "due" : dueBy({ dueOn, everyDays, today });
  const isDuty = details.intervalDays === null && duty !== undefined;
  return { ...device, ...details, cycles, lastServicedOn, everyDays, dueOn, due, isDuty };
}

function dueBy(plan: {
  readonly dueOn: string;
  readonly everyDays: number | null;
  readonly today: string | null;
}): InventoryRow["due"] {
  if (plan.everyDays === null) return "none";
  if (plan.dueOn === "" || plan.today === null) return "unknown";
  return plan.dueOn <= plan.today ? "due" : "planned";
}

/** The latest of what a person entered, a work order proved and a duty reported. */
function lastDay(
  { device }: Device,
  { servicedOn }: Details,
  duty: DutyConfig | undefined,
  { config, durable }: InventorySight,
): string {
  const stamps = [durable.serviced[device], duty === undefined ? undefined : durable.duties[duty.id]];
  const days = stamps.flatMap((at) =>
    at === undefined || at.clock === "never-set" ? [] : [dayAt(at.wall, config.timeZone)],
  );
  return [servicedOn, ...days].sort().at(-1) ?? "";
}

/** Those for which a work order is to be opened; what a configured duty watches opens its own. */
export function dueDevices(rows: readonly InventoryRow[]): readonly string[] {
  return rows.filter(({ due, isDuty }) => due === "due" && !isDuty).map(({ device }) => device);
}
