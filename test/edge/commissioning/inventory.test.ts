// The inventory 台账: its devices, its table for spreadsheets out and in, and when maintenance is due.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteOrderMark, guarded, readCsv, unguarded, writeCsv } from "../../../edge/commissioning/inventory/csv.js";
import { dayIn, isDay } from "../../../edge/commissioning/inventory/days.js";
import {
  type Details,
  type DetailsBook,
  inventoryLimits,
  mergedDetails,
  noDetails,
  unfitness,
} from "../../../edge/commissioning/inventory/details.js";
import { readDetails, writeDetails } from "../../../edge/commissioning/inventory/details-file.js";
import { devicesOf } from "../../../edge/commissioning/inventory/devices.js";
import { dueDevices, inventoryRows } from "../../../edge/commissioning/inventory/rows.js";
import { detailsInCsv, inventoryCsv } from "../../../edge/commissioning/inventory/table.js";
import { columnTexts } from "../../../edge/commissioning/inventory/words.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import { testFolder } from "../../support/folder.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("port").edges as [EdgeConfig];
const now: Stamp = { boot: "b", mono: 1, wall: Date.UTC(2026, 10, 27, 4), clock: "synchronised" };
const book = { inventory: [] };

function rowsOf(
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

const devices = devicesOf(config, []).map(({ device }) => device);
const detail = (part: Partial<Details>): Details => ({ ...noDetails, ...part });

/** Code, place and detail of what is refused. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PortcullisError) return `${error.trouble.code} ${error.trouble.place} ${error.trouble.detail}`;
    throw error;
  }
  return "taken";
}

describe("values separated by commas", () => {
  it("come back as they were written, whatever they are", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "文", '"', ",", "\r", "\n", "'", "=", " ", "\uFEFF") });
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, (given) => {
        const read = readCsv(writeCsv(given));
        expect(read.ok && read.rows.map((row) => row.map(({ value }) => value))).toEqual(given);
      }),
    );
  });

  it("are read or refused with a place, never anything else, whatever the text is", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", "'") });
    fc.assert(
      fc.property(text, (given) => {
        const read = readCsv(given);
        if (!read.ok) expect([read.line, read.column].every((number) => number >= 1)).toBe(true);
        else expect(read.rows.every((row) => row.length > 0)).toBe(true);
      }),
    );
  });

  it("begin with a byte order mark and end their lines with CRLF", () => {
    expect(
      writeCsv([
        ["a", 'b"c'],
        ["d,e", ""],
      ]),
    ).toBe(`${byteOrderMark}a,"b""c"\r\n"d,e",\r\n`);
  });

  it.each([
    ['a,"b', 1, 2],
    ['a\nb,c"d', 2, 2],
    ['"a\nb","c"d', 2, 2],
  ])("with a quote that does not fit are refused with line and column: %j", (text, line, column) => {
    expect(readCsv(text)).toMatchObject({ ok: false, line, column });
  });

  it("cannot run as a formula, and come back as they were", () => {
    for (const value of ["=1+1", "+1", "-1", "@SUM(A1)", "'=x", "＝1"]) expect(guarded(value)).toBe(`'${value}`);
    expect(guarded("北门 =1")).toBe("北门 =1");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", "=", "-", "a", "＝", "@") }), (value) => {
        expect(unguarded(guarded(value))).toBe(value);
        expect(guarded(value)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
    );
  });
});

describe("days", () => {
  it.each(["2026-02-29", "2026-13-01", "2026-1-5", "1969-12-31", "yesterday", ""])("%s is none", (text) =>
    expect(isDay(text)).toBe(false),
  );
  it.each(["2026/1/5", "2026-01-05", "2026年1月5日", "2026.1.5", " 2026-1-5 "])("%s is the fifth of January", (text) =>
    expect(dayIn(text)).toBe("2026-01-05"),
  );
});

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

describe("the inventory's table", () => {
  const word = fc
    .string({ unit: fc.constantFrom("a", "柜", '"', ",", "'", "=", "-", "1"), maxLength: 20 })
    .map((text) => text.trim());
  const day = fc.constantFrom("", "2026-01-05", "2025-12-31");
  const anyDetails: fc.Arbitrary<Details> = fc.record({
    place: word,
    plan: word,
    maker: word,
    model: word,
    serial: word,
    installedOn: day,
    intervalDays: fc.option(fc.integer({ min: 1, max: inventoryLimits.intervalDays })),
    servicedOn: day,
  });

  it("A-12: comes back as it went out, in either language", () => {
    const all = fc.array(anyDetails, { minLength: devices.length, maxLength: devices.length });
    fc.assert(
      fc.property(all, fc.constantFrom("zh" as const, "en" as const), (given, language) => {
        const details = new Map(devices.map((device, at) => [device, given[at] ?? noDetails]));
        expect(detailsInCsv(inventoryCsv(rowsOf(details), language), new Map(), devices)).toEqual(details);
      }),
      { numRuns: 30 },
    );
  });

  it("has a head in the reader's language", () => {
    expect(inventoryCsv([], "zh")).toMatch(/^\uFEFF设备编号,类别,类型,名称,/);
    expect(inventoryCsv([], "en")).toMatch(/^\uFEFFDevice,Class,Kind,Name,/);
  });

  it("may lack columns and lines: what it does not name stays as it was", () => {
    const known = new Map([["driver:field", detail({ place: "柜 1", maker: "M" })]]);
    expect(detailsInCsv("Device,Maker\ndriver:field,N\n", known, devices)).toEqual(
      new Map([["driver:field", detail({ place: "柜 1", maker: "N" })]]),
    );
  });

  it("takes days as spreadsheets write them", () => {
    const read = detailsInCsv("设备编号,安装日期\ndriver:field,2026/1/5\n", new Map(), devices);
    expect(read.get("driver:field")?.installedOn).toBe("2026-01-05");
  });

  it.each([
    ["", "CSV:1:1", columnTexts.device.en],
    ["Maker\nM\n", "CSV:1:1", columnTexts.device.en],
    ["Device,Colour\n", "CSV:1:2", "Colour"],
    ["Device,Maker,厂家\n", "CSV:1:3", "twice"],
    ["Device,Maker\ndriver:field\n", "CSV:2:2", "1 cells under 2 heads"],
    ["Device,Maker\r\n\r\ndriver:none,M\r\n", "CSV:3:1", "driver:none"],
    ["Device\ndriver:field\ndriver:field\n", "CSV:3:1", "named twice"],
    ["Device,Installed on\ndriver:field,2026-02-30\n", "CSV:2:2", columnTexts.installedOn.en],
    ["Maker,Device,Maintenance interval (days)\nM,driver:field,0\n", "CSV:2:3", "whole days"],
    ["Device,Maintenance interval (days)\ndriver:field,1e3\n", "CSV:2:2", "whole days"],
    ["Device,Place\ndriver:field,\uFFFD\n", "CSV:2:2", "UTF-8"],
    ['Device,Place\ndriver:field,"a\nb"\n', "CSV:2:2", "control characters"],
    [`Device,Place\ndriver:field,${"x".repeat(inventoryLimits.characters + 1)}\n`, "CSV:2:2", "more than"],
    [`Device\n${",".repeat(inventoryLimits.csvBytes)}`, "CSV:1:1", "bytes"],
  ])("with an error is refused with line and column: %.40j", (text, place, why) => {
    const refused = refusalOf(() => detailsInCsv(text, new Map(), devices));
    expect(refused).toContain(`inventory.csv-invalid ${place} `);
    expect(refused).toContain(why);
  });

  it.each([
    ["place", 3],
    ["intervalDays", 1.5],
    ["intervalDays", "7"],
    ["servicedOn", "soon"],
    ["maker", "a\u2028b"],
  ] as const)("no such value under %s: %j", (key, value) => expect(unfitness(key, value)).not.toBeNull());
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
