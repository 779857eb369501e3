// Water and power at the example warehouse, from the sensor to the reserve and the hub's list.
import { describe, expect, it } from "vitest";
import type { PointValue } from "../../../edge/model/point.js";
import { alarmList, boxOf, hubOf, loop, minute, outcomes, second, settle, stamp } from "./examples.js";

interface Row {
  readonly point: string;
  readonly value: PointValue;
  readonly normal: PointValue;
  /** For so long nothing is said. */
  readonly quietMs: number;
  readonly title: string;
}

const water: Readonly<Record<string, Row>> = {
  "a leak": {
    point: "pipe-leak",
    value: true,
    normal: false,
    quietMs: second,
    title: "Leak at the water pipe: Leak found",
  },
  "a full sump": {
    point: "sump-level",
    value: 900,
    normal: 300,
    quietMs: 4 * second,
    title: "Sump level: Too high",
  },
};
const power: Readonly<Record<string, Row>> = {
  "a mains failure": {
    point: "mains-failed",
    value: true,
    normal: false,
    quietMs: 9 * second,
    title: "Mains: Supply failed",
  },
  "a weak battery": {
    point: "battery-volts",
    value: 22,
    normal: 26,
    quietMs: 9 * second,
    title: "Battery voltage: Too low",
  },
};

describe.each([
  ["utility", "A-84", water],
  ["power", "A-82", power],
] as const)("an incident of class %s", (kind, id, rows) => {
  it.each(Object.entries(rows))(
    `${id}: %s is told in a class of its own, holds the reserve on, and has somebody look`,
    async (_word, row) => {
      const box = boxOf("warehouse");
      for (const area of box.config.areas) box.order({ kind: "disarm", area: area.id });
      box.set(row.point, row.value);
      box.pass(row.quietMs);
      expect(box.of("zone.breached")).toEqual([]);
      box.pass(2 * second);
      expect(box.outputs).toMatchObject({ "reserve-pump": true });
      expect(box.outputs["hall-siren"] ?? false).toBe(false);
      expect(outcomes(box, "utilities")).toEqual({ "pump/reserve-pump": "met", "look/person": "open" });
      expect(await alarmList(box)).toEqual([row.title]);
      expect((await hubOf(box)).projections.incidents()).toMatchObject([{ kind, state: "open" }]);
      expect(stamp(box, "look")).toBe(true);
      box.set(row.point, row.normal);
      box.pass(minute);
      expect(settle(box)).toBe(true);
      expect(box.outputs).toMatchObject({ "reserve-pump": false });
      expect(await alarmList(box)).toEqual([]);
    },
  );
});

describe("the plant room", () => {
  it("A-84: is watched against intrusion at its cabinet, armed or not", async () => {
    const box = boxOf("warehouse");
    box.order({ kind: "disarm", area: "plant-room" });
    box.set("cabinet-loop", loop.alarm);
    box.pass(second);
    expect(box.outputs["hall-siren"]).toBe(true);
    expect(await alarmList(box)).toEqual(["Cabinet tamper: Tampered with"]);
  });

  it("A-84: whose leak sensor falls silent has a work order", async () => {
    const box = boxOf("warehouse");
    box.set("pipe-leak", false, "lost");
    box.pass(minute);
    expect((await hubOf(box)).projections.workOrders()).toMatchObject([{ device: "zone:pipe", cause: "signal-lost" }]);
  });
});
