import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteOrderMark, guarded, readCsv, unguarded, writeCsv } from "../../../edge/commissioning/inventory/csv.js";
import { dayIn, isDay } from "../../../edge/commissioning/inventory/days.js";
import { type Details, inventoryLimits, noDetails, unfitness } from "../../../edge/commissioning/inventory/details.js";
import { detailsInCsv, inventoryCsv } from "../../../edge/commissioning/inventory/table.js";
import { columnTexts } from "../../../edge/commissioning/inventory/words.js";
import { detail, devices, refusalOf, rowsOf } from "./port-inventory.js";

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
