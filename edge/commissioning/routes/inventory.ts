// The inventory 台账: shown, changed device by device or by a whole table, and given out as CSV.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { strict } from "../../../config/schema/request-terms.js";
import type { Role } from "../../model/command.js";
import { refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { personOf } from "../access.js";
import { textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { type Handover, handoverAt } from "../handover.js";
import {
  changedDevices,
  type Details,
  type DetailsBook,
  detailKeys,
  inventoryLimits,
  mergedDetails,
  noDetails,
  unfitness,
} from "../inventory/details.js";
import { writeDetails } from "../inventory/details-file.js";
import { dueDevices } from "../inventory/rows.js";
import { detailsInCsv, inventoryCsv } from "../inventory/table.js";
import { columnTexts } from "../inventory/words.js";

const keepingRoles: readonly Role[] = ["technician", "supervisor", "administrator"];
/** Named in the record of a change. */
const namedMax = 32;

const text = Type.String({ maxLength: 4 * inventoryLimits.characters });
const device = Type.Object(
  {
    device: Type.String({ minLength: 1, maxLength: 256 }),
    place: Type.Optional(text),
    plan: Type.Optional(text),
    maker: Type.Optional(text),
    model: Type.Optional(text),
    serial: Type.Optional(text),
    installedOn: Type.Optional(text),
    intervalDays: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    servicedOn: Type.Optional(text),
  },
  strict,
);
const change = Type.Union([
  Type.Object({ devices: Type.Array(device, { maxItems: inventoryLimits.devices }) }, strict),
  Type.Object({ csv: Type.String({ maxLength: inventoryLimits.csvBytes }) }, strict),
]);
type Change = Static<typeof change>;

export function addInventoryRoutes(app: FastifyInstance, desk: Desk): void {
  app.get("/api/v1/inventory", async () => viewOf(await handoverAt(desk)));
  app.get("/api/v1/inventory.csv", async ({ query }, reply) => {
    const { rows, given } = await handoverAt(desk);
    const language = textOf(query, "lang") === "en" ? "en" : "zh";
    const file = `inventory-${given.site}-${given.config.id}-r${given.revision}.csv`.replace(/[^\w.-]/g, "_");
    void reply.type("text/csv; charset=utf-8").header("content-disposition", `attachment; filename="${file}"`);
    return inventoryCsv(rows, language);
  });
  app.put<{ Body: Change }>(
    "/api/v1/inventory",
    // JSON may need six bytes for a sign.
    { schema: { body: change }, bodyLimit: 6 * inventoryLimits.csvBytes },
    async (request) => {
      const by = keeperOf(request, desk);
      const { given, details, rows } = await handoverAt(desk);
      const devices = rows.map((row) => row.device);
      const next =
        "csv" in request.body
          ? detailsInCsv(request.body.csv, details, devices)
          : detailsGiven(request.body.devices, details, devices);
      const changed = changedDevices(details, next);
      if (changed.length > 0) {
        writeDetails(desk.dataDir, mergedDetails(details, next, devices));
        const named = { devices: changed.slice(0, namedMax), count: changed.length };
        desk.record(fact("inventory.changed", given.config.id, { by, ...named }));
      }
      return { ...viewOf(await handoverAt(desk)), changed };
    },
  );
}

function keeperOf(request: FastifyRequest, desk: Desk): string {
  const { name, roles } = personOf(request, desk);
  if (roles.some((role) => keepingRoles.includes(role))) return name;
  throw refusal("command.not-allowed", "/body", roles.join());
}

function viewOf({ given: { site, config, revision, hash }, rows }: Handover) {
  return { site, edge: config.id, revision, hash, devices: rows, due: dueDevices(rows) };
}
export type InventoryView = ReturnType<typeof viewOf>;

/** @throws PortcullisError that names the first device and key that cannot be taken. */
function detailsGiven(
  given: readonly Static<typeof device>[],
  known: DetailsBook,
  devices: readonly string[],
): DetailsBook {
  const found = new Map<string, Details>();
  for (const [at, { device: named, ...values }] of given.entries()) {
    const place = `/body/devices/${at}`;
    if (!devices.includes(named)) throw refusal("inventory.device-unknown", `${place}/device`, named);
    if (found.has(named)) throw refusal("inventory.value-unfit", `${place}/device`, `${named}: 设备重复 / named twice`);
    found.set(named, detailsOf(values, known.get(named) ?? noDetails, place));
  }
  return found;
}

function detailsOf(values: Partial<Details>, before: Details, place: string): Details {
  const all = detailKeys.map((key) => {
    const given = values[key];
    const value = given === undefined ? before[key] : typeof given === "string" ? given.trim() : given;
    const why = unfitness(key, value);
    if (why !== null)
      throw refusal(
        "inventory.value-unfit",
        `${place}/${key}`,
        `${columnTexts[key].zh} / ${columnTexts[key].en}: ${why}`,
      );
    return [key, value] as const;
  });
  return Object.fromEntries(all) as unknown as Details;
}
