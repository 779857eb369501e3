// The inventory 台账: its devices, and when maintenance is due.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Details,
  inventoryLimits,
  mergedDetails,
  noDetails,
} from "../../../edge/commissioning/inventory/details.js";
import { readDetails, writeDetails } from "../../../edge/commissioning/inventory/details-file.js";
import { devicesOf } from "../../../edge/commissioning/inventory/devices.js";
import { dueDevices } from "../../../edge/commissioning/inventory/rows.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import { testFolder } from "../../support/folder.js";
import { exampleSite } from "../../support/virtual-site.js";
import { config, detail, devices, now, refusalOf, rowsOf } from "./port-inventory.js";

describe("the inventory", () => {
  it("A-12: names the box, its drivers, field devices, detectors, supplies, barriers, annunciators and fixed obstacles", () => {
    const found = new Set(
      exampleSite("port").edges.flatMap((edge) => devicesOf(edge, []).map((device) => device.class)),
    );
    expect([...found].sort()).toEqual(
      ["annunciator", "barrier", "box", "detector", "driver", "field-device", "fixture", "power"].sort(),
    );
    expect(new Set(devices).size).toBe(devices.length);
  });

  it("A-39: says what impact a barrier takes and after how many runs it is serviced", () => {
    const [barrier] = config.barriers;
    const rated = { ...config, barriers: [{ ...barrier, impactRating: "7.5 t at 48 km/h", serviceCycles: 500 }] };
    const [row] = devicesOf(rated as EdgeConfig, []).filter((device) => device.class === "barrier");
    expect(row).toMatchObject({ impactRating: "7.5 t at 48 km/h", serviceCycles: 500 });
  });

  it("A-12: knows since which revision of the configuration a device is there", () => {
    const [zone] = config.zones;
    if (zone === undefined) throw new Error("no zone");
    const known = [{ kind: zone.kind, id: zone.id, name: "", sinceRevision: 7 }];
    const row = devicesOf(config, known).find(({ device }) => device === `zone:${zone.id}`);
    expect(row?.sinceRevision).toBe(7);
  });

  it("keeps its details in a file of the box that is there whole", () => {
    const folder = testFolder();
    expect(readDetails(folder)).toEqual(new Map());
    const details = new Map([["driver:field", detail({ place: "柜 1", intervalDays: 180 })]]);
    writeDetails(folder, details);
    expect(readDetails(folder)).toEqual(details);
  });

  it.each([
    "",
    "{",
    "[]",
    '{"format":2,"devices":[]}',
    '{"format":1,"devices":[{"device":"a","installedOn":"x"}]}',
    '{"format":1,"devices":[null]}',
  ])("refuses a file that is none: %j", (text) => {
    const folder = testFolder();
    writeFileSync(join(folder, "inventory.json"), text);
    expect(refusalOf(() => readDetails(folder))).toContain("config.unreadable");
  });

  it("keeps the details of devices that are gone while there is room", () => {
    const gone = Array.from({ length: inventoryLimits.devices }, (_, at) => [`zone:old-${at}`, noDetails] as const);
    const merged = mergedDetails(new Map(gone), new Map([["zone:new", noDetails]]), ["zone:new"]);
    expect(merged.size).toBe(inventoryLimits.devices);
    expect(merged.has("zone:new")).toBe(true);
    expect(merged.has("zone:old-0")).toBe(false);
  });
});

describe("maintenance", () => {
  const device = "driver:field";
  const dueOf = (
    details: Partial<Details>,
    durable: Parameters<typeof rowsOf>[1] = {},
    part: Parameters<typeof rowsOf>[2] = {},
  ) => {
    const row = rowsOf(new Map([[device, detail(details)]]), durable, part).find((each) => each.device === device);
    return [row?.due, row?.dueOn];
  };
  const serviced = (wall: number, clock: Stamp["clock"] = "synchronised") => ({
    serviced: { [device]: { ...now, wall, clock } },
  });

  it.each<[string, Partial<Details>, string, string]>([
    ["that nobody planned", {}, "none", ""],
    ["without a day to count from", { intervalDays: 180 }, "unknown", ""],
    ["counted from the installation", { intervalDays: 180, installedOn: "2026-05-01" }, "due", "2026-10-28"],
    ["of today", { intervalDays: 180, installedOn: "2026-05-31" }, "due", "2026-11-27"],
    ["of tomorrow", { intervalDays: 180, installedOn: "2026-06-01" }, "planned", "2026-11-28"],
    ["done since", { intervalDays: 180, installedOn: "2020-01-01", servicedOn: "2026-11-01" }, "planned", "2027-04-30"],
  ])("A-09, A-39: %s", (_word, details, due, dueOn) => expect(dueOf(details)).toEqual([due, dueOn]));

  it("A-09: counts from the accepted work order when that was later", () => {
    const details = { intervalDays: 30, servicedOn: "2026-01-01" };
    expect(dueOf(details, serviced(Date.UTC(2026, 10, 20)))).toEqual(["planned", "2026-12-20"]);
    expect(dueOf(details, serviced(Date.UTC(2026, 10, 20), "never-set"))).toEqual(["due", "2026-01-31"]);
  });

  it("is due by no clock that nobody may believe", () => {
    const details = { intervalDays: 1, installedOn: "2020-01-01" };
    expect(dueOf(details, {}, { now: { ...now, clock: "never-set" } })[0]).toBe("unknown");
  });

  it("A-39: is due after so many runs, whatever the calendar says", () => {
    const [barrier] = config.barriers;
    const worn = { ...config, barriers: [{ ...barrier, id: "b", serviceCycles: 10 }] } as EdgeConfig;
    const due = (runs: number) => dueDevices(rowsOf(new Map(), { cycles: { b: runs } }, { config: worn }));
    expect([due(9), due(10)]).toEqual([[], ["barrier:b"]]);
  });

  it("A-39: that a duty of the configuration watches is shown, and the duty opens its own work order", () => {
    const duty = {
      id: "service",
      name: { zh: "维护", en: "service" },
      kind: "maintenance",
      everyMs: 15_552_000_000,
      graceMs: 0,
      device,
    };
    const watched = { ...config, duties: [duty] } as EdgeConfig;
    const at = { ...now, wall: Date.UTC(2026, 0, 1) };
    const rows = rowsOf(new Map(), { duties: { service: at } }, { config: watched });
    expect(rows.find((row) => row.device === device)).toMatchObject({
      everyDays: 180,
      due: "due",
      lastServicedOn: "2026-01-01",
    });
    expect(dueDevices(rows)).toEqual([]);
  });
});
