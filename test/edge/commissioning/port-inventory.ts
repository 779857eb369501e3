import { type Details, type DetailsBook, noDetails } from "../../../edge/commissioning/inventory/details.js";
import { devicesOf } from "../../../edge/commissioning/inventory/devices.js";
import { inventoryRows } from "../../../edge/commissioning/inventory/rows.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import { exampleSite } from "../../support/virtual-site.js";

export const [config] = exampleSite("port").edges as [EdgeConfig];
export const now: Stamp = { boot: "b", mono: 1, wall: Date.UTC(2026, 10, 27, 4), clock: "synchronised" };
export const book = { inventory: [] };

export function rowsOf(
  details: DetailsBook = new Map(),
  durable: Partial<Parameters<typeof inventoryRows>[0]["durable"]> = {},
  part: Partial<Parameters<typeof inventoryRows>[0]> = {},
) {
  return inventoryRows({
    config,
    durable: { cycles: {}, serviced: {}, duties: {}, ...durable },
    book,
    details,
    now,
    ...part,
  });
}

export const devices = devicesOf(config, []).map(({ device }) => device);
export const detail = (part: Partial<Details>): Details => ({ ...noDetails, ...part });

/** Code, place and detail of what is refused. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PortcullisError) return `${error.trouble.code} ${error.trouble.place} ${error.trouble.detail}`;
    throw error;
  }
  return "taken";
}
