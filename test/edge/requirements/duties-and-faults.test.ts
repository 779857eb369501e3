// Faults, work orders, walk tests and recurring duties on the example sites, up to what the hub lists.
import { describe, expect, it } from "vitest";
import { isWalkedWithArea } from "../../../edge/response/walks.js";
import type { HandFed } from "../../support/hand-fed.js";
import { alarmList, boxOf, day, hour, hubOf, minute, second, textOf } from "./examples.js";

const orders = async (box: HandFed) => (await hubOf(box)).projections.workOrders();

/** A detector in the hall whose cable is gone. */
function broken(): HandFed {
  const box = boxOf("warehouse");
  box.set("hall-motion-loop", 0, "lost");
  box.pass(minute);
  return box;
}

describe("a fault", () => {
  it.each(["school", "checkpoint", "warehouse"] as const)(
    "A-36: is none at the %s that has started well, however long its filters are",
    async (place) => {
      const box = boxOf(place);
      expect(await orders(box)).toEqual([]);
      expect(await alarmList(box)).toEqual([]);
    },
  );

  it("A-36: opens a work order with device, cause, time and state, which goes through its life at the hub", async () => {
    const box = broken();
    const [opened] = await orders(box);
    expect(opened).toMatchObject({ device: "zone:hall-motion", cause: "signal-lost", state: "open" });
    expect(Date.parse(opened?.openedAt ?? "")).toBeGreaterThan(box.wall - minute);
    for (const [to, by] of [
      ["assigned", "chief"],
      ["fixed", "li"],
      ["verified", "chief"],
    ] as const) {
      expect(box.order({ kind: "work-order", number: opened?.number ?? "", to, note: "" }, { issuers: [by] }).ok).toBe(
        true,
      );
      expect(await orders(box)).toMatchObject([{ state: to, by }]);
    }
    expect(box.durable.workOrders).toEqual({});
  });

  it("A-26: that is reported to nobody within 2 hours is an alarm at the hub until somebody takes it", async () => {
    const box = broken();
    box.pass(2 * hour - 2 * minute);
    const overdue = "Motion in the hall: Work order overdue";
    expect(await alarmList(box)).not.toContainEqual(overdue);
    box.pass(2 * minute);
    expect(await alarmList(box)).toContainEqual(overdue);
    const [order] = await orders(box);
    box.order({ kind: "work-order", number: order?.number ?? "", to: "assigned", note: "" });
    const told = (await hubOf(box)).alarms.list().find(({ type }) => type === "workorder.overdue");
    expect(told?.state).toBe("returned-unacknowledged");
  });

  it("A-36: is found by a self-test that a person orders, and shown at the hub", async () => {
    const box = broken();
    box.order({ kind: "self-test" }, { issuers: ["li"] });
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.selfTest?.by).toBe("li");
    expect(edge?.selfTest?.findings.map(({ subject, why }) => [subject, why])).toContainEqual([
      "hall-motion-loop",
      "signal-lost",
    ]);
  });

  it("A-11: lowers the availability that the weekly test records", async () => {
    const box = broken();
    box.pass(7 * day);
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.selfTest).toMatchObject({ by: "schedule" });
    const inputs = box.config.drivers
      .flatMap(({ points }) => [...points])
      .filter(({ direction }) => direction === "in");
    expect(edge?.selfTest?.availability).toBeCloseTo(1 - 1 / inputs.length, 2);
  });
});

describe("a walk test", () => {
  it("A-20: says who was triggered and how fast, sounds nothing, and names the detector that nobody triggered", async () => {
    const box = boxOf("school");
    box.order({ kind: "start-walk-test", zones: ["fence-west", "fence-north"], forMs: hour }, { issuers: ["li"] });
    box.set("west-blocked", true);
    box.pass(second);
    box.set("west-blocked", false);
    expect(box.outputs["siren"] ?? false).toBe(false);
    const { projections } = await hubOf(box);
    expect(projections.edges()[0]?.walkTest).toMatchObject({ tested: ["fence-west"], by: "li" });
    box.pass(hour);
    expect(box.of("zone.tested")).toMatchObject([{ zone: "fence-west", latencyMs: expect.any(Number) }]);
    expect(box.of("walktest.ended")).toMatchObject([{ tested: ["fence-west"], untested: ["fence-north"] }]);
    expect(await alarmList(box)).toEqual([]);
    box.set("west-blocked", true);
    box.pass(second);
    expect(box.outputs["siren"]).toBe(true);
  });
});

const warehouseDuties = {
  "A-30: the round of the devices every 2 hours": {
    duty: "devices",
    name: "Round of the devices",
    dueMs: 2 * hour + 10 * minute,
    opened: [],
  },
  "A-38: the test of the radios every two weeks": {
    duty: "radios",
    name: "Test of the radios",
    dueMs: 15 * day,
    opened: [],
  },
  "A-54: the drill every half year": {
    duty: "drill-half-yearly",
    name: "Half-yearly drill",
    dueMs: 196.5 * day,
    opened: [],
  },
  "A-20: the calibration every year": {
    duty: "climate-calibration",
    name: "Calibration of the climate sensors",
    dueMs: 379 * day,
    opened: ["zone:archive-heat calibration-due"],
  },
} as const;

describe("a duty of the warehouse", () => {
  it.each(Object.entries(warehouseDuties))(
    "%s is an alarm at the hub when it is left out, until it is done and recorded",
    async (_norm, { duty, name, dueMs, opened }) => {
      const box = boxOf("warehouse");
      const title = `${name}: Duty missed`;
      box.pass(dueMs - 3 * minute);
      expect(await alarmList(box)).not.toContainEqual(title);
      box.pass(3 * minute);
      expect(await alarmList(box)).toContainEqual(title);
      expect((await orders(box)).map(({ device, cause }) => `${device} ${cause}`)).toEqual(opened);
      expect(box.order({ kind: "duty-done", duty, note: "in order" }, { issuers: ["zhao"] }).ok).toBe(true);
      const { alarms, projections } = await hubOf(box);
      expect(projections.duties().find(({ id }) => id === duty)).toMatchObject({ missed: false, lastDoneBy: "zhao" });
      expect(alarms.list().find(({ title: { en } }) => en === title)?.state).toBe("returned-unacknowledged");
    },
  );

  it("A-59: the full test runs by itself every week, and the hub shows when and what it found", async () => {
    const box = boxOf("warehouse");
    box.pass(7 * day);
    const test = async () => (await hubOf(box)).projections.edges()[0]?.selfTest;
    const first = await test();
    expect(first).toMatchObject({ by: "schedule", availability: 1, findings: [] });
    box.set("pipe-leak", false, "lost");
    box.pass(7 * day);
    const next = await test();
    expect(Date.parse(next?.at ?? "") - Date.parse(first?.at ?? "")).toBe(7 * day);
    expect(next?.findings.map(({ subject }) => subject)).toContain("pipe-leak");
  });
});

describe("a duty of the school", () => {
  it("A-20: the monthly walk that was left out is an alarm and a work order at the hub until the walk itself settles both", async () => {
    const schedule = / {8}schedule:\n( {10}- .*\n)+/.exec(textOf("school"))?.[0] ?? "";
    const box = boxOf("school", [schedule, ""]);
    box.pass(34 * day);
    const title = "Monthly walk test: Duty missed";
    expect(await alarmList(box)).toContainEqual(title);
    const walks = async () => (await orders(box)).filter(({ cause }) => cause === "walk-test-due");
    expect(await walks()).toContainEqual(expect.objectContaining({ device: "duty:walk-test-monthly", state: "open" }));
    const zones = box.config.zones.filter(isWalkedWithArea);
    box.order({ kind: "start-walk-test", zones: zones.map(({ id }) => id), forMs: hour }, { issuers: ["li"] });
    for (const zone of zones) {
      if (!("point" in zone)) throw new Error(`no contact: ${zone.id}`);
      const [rest, active] = "loop" in zone && zone.loop !== undefined ? [512, 682] : [false, true];
      box.set(zone.point, active);
      box.pass(second);
      box.set(zone.point, rest);
    }
    box.order({ kind: "end-walk-test" }, { issuers: ["li"] });
    expect(new Set((await walks()).map(({ state, by }) => `${state} ${by}`))).toEqual(new Set(["fixed li"]));
    const { alarms, projections } = await hubOf(box);
    expect(projections.duties().find(({ id }) => id === "walk-test-monthly")).toMatchObject({
      missed: false,
      lastDoneBy: "li",
    });
    expect(alarms.list().find((alarm) => alarm.title.en === title)?.state).toBe("returned-unacknowledged");
  });

  it("A-39: the half-yearly service that is left out is an alarm and a work order for the bollard, whose acceptance records it", async () => {
    // Its schedule, which looks at the clock each minute, is not asked here.
    const schedule = / {8}schedule:\n( {10}- .*\n)+/.exec(textOf("school"))?.[0] ?? "";
    const box = boxOf("school", [schedule, ""]);
    box.pass((182.5 + 14) * day);
    expect(await alarmList(box)).toContainEqual("Half-yearly service of the bollard: Duty missed");
    const order = (await orders(box)).find(({ device }) => device === "barrier:bollard");
    expect(order).toMatchObject({ cause: "maintenance-due", deviceName: { en: "South bollard" } });
    for (const [to, by] of [
      ["fixed", "li"],
      ["verified", "chief"],
    ] as const)
      box.order({ kind: "work-order", number: order?.number ?? "", to, note: "" }, { issuers: [by] });
    const shown = (await hubOf(box)).projections.barriers().find(({ id }) => id === "bollard");
    expect(shown?.serviced).not.toBeNull();
  });
});
