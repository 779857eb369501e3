// Work orders from opened to verified, the two hours in which somebody must be told, and what is broken for how long.
import { describe, expect, it } from "vitest";
import type { WorkOrderState } from "../../../edge/model/durable.js";
import { fact } from "../../../edge/model/fact.js";
import { later } from "../../../edge/model/time.js";
import { workOrder } from "../../../edge/model/work-order.js";
import { availabilityOf, faultsOf } from "../../../edge/response/faults.js";
import { moveWorkOrder } from "../../../edge/response/orders/work-orders.js";
import { HandFed } from "../../support/hand-fed.js";
import { box, close, day, hour, minute, response, start, wardOf, yard } from "./yard.js";

const lockDown = response("lock", [{ command: "lock-down" }], close("all-lanes"));

/** A bollard that does not leave its place needs a repair. */
function broken(): HandFed {
  const site = box([lockDown]);
  site.stuck.add("main");
  site.order({ kind: "lock-down", group: "all-lanes" });
  site.pass(minute);
  return site;
}

const move = (site: HandFed, to: "assigned" | "fixed" | "verified", by: string) =>
  site.order({ kind: "work-order", number: "box-W1", to, note: "note" }, { issuers: [by] });

describe("a work order", () => {
  it("A-36: is opened by itself for a fault, with number, device, cause, time and state", () => {
    const site = broken();
    expect(Object.values(site.durable.workOrders)).toMatchObject([
      { number: "box-W1", device: "barrier:main", cause: "jammed", state: "open", isOverdue: false },
    ]);
  });

  it("A-36: is opened once per device, whoever finds the reason", () => {
    const ward = wardOf(yard([]));
    const scene = { edge: "box", durable: ward.durable, now: start };
    const [opened] = workOrder("barrier:main", "jammed", scene);
    expect(opened?.data).toEqual({ number: "box-W1", device: "barrier:main", cause: "jammed", at: start });
    const order = { number: "box-W1", device: "barrier:main", cause: "jammed", openedAt: start, changedAt: start };
    const known = { ...order, state: "open" as const, by: "", note: "", isOverdue: false };
    const durable = { ...ward.durable, workOrders: { "barrier:main": known } };
    expect(workOrder("barrier:main", "drive-fault", { ...scene, durable })).toEqual([]);
  });

  it("A-36: is opened for a fault beside the service of the same device, and each goes its own way", () => {
    const serviced = yard([lockDown]);
    const barriers = serviced.barriers.map((each) => (each.id === "main" ? { ...each, serviceCycles: 1 } : each));
    const site = new HandFed({ ...serviced, barriers });
    const run = () => site.order({ kind: "lock-down", group: "all-lanes" });
    const free = { kind: "stand-down", group: "all-lanes", barriers: ["main", "side"] } as const;
    run();
    site.pass(minute);
    site.order(free, { issuers: ["li", "wang"] });
    site.set("main-closed", false);
    site.set("main-open", true);
    site.stuck.add("main");
    run();
    site.pass(minute);
    const orders = () =>
      Object.values(site.durable.workOrders).map(({ number, cause, state }) => [number, cause, state]);
    expect(orders()).toEqual([
      ["box-W1", "maintenance-due", "open"],
      ["box-W2", "jammed", "open"],
    ]);
    site.order({ kind: "work-order", number: "box-W2", to: "fixed", note: "" }, { issuers: ["wang"] });
    site.order({ kind: "work-order", number: "box-W2", to: "verified", note: "" }, { issuers: ["li"] });
    expect(orders()).toEqual([["box-W1", "maintenance-due", "open"]]);
    site.pass(2 * hour);
    expect(site.of("workorder.overdue").map(({ number }) => number)).toEqual(["box-W1"]);
  });

  it("A-36: is opened anew when the device fails again before its repair was accepted", () => {
    const site = box([]);
    const lose = () => site.set("main-closed", false, "lost");
    lose();
    site.pass(minute);
    site.order({ kind: "work-order", number: "box-W1", to: "fixed", note: "" });
    site.pass(minute);
    expect(Object.values(site.durable.workOrders).map(({ number, state }) => [number, state])).toEqual([
      ["box-W1", "fixed"],
      ["box-W2", "open"],
    ]);
  });

  it.each<[WorkOrderState, WorkOrderState, boolean]>([
    ["open", "assigned", true],
    ["open", "fixed", true],
    ["open", "verified", false],
    ["assigned", "assigned", false],
    ["assigned", "fixed", true],
    ["assigned", "verified", false],
    ["fixed", "assigned", false],
    ["fixed", "fixed", false],
    ["fixed", "verified", true],
    ["verified", "assigned", false],
    ["verified", "fixed", false],
    ["verified", "verified", false],
  ])("A-36: goes from %s to %s: %s", (state, to, ok) => {
    if (to === "open") throw new Error("nothing goes back to open");
    const order = { number: "n", device: "d", cause: "c", openedAt: start, changedAt: start, by: "wang", note: "" };
    const ward = wardOf(yard([]), { workOrders: { d: { ...order, state, isOverdue: false } } });
    const act = { kind: "work-order", number: "n", to, note: "" } as const;
    expect(moveWorkOrder(act, { id: "c", issuers: ["li"], reason: "", act }, ward).ok).toBe(ok);
  });

  it("A-36: is accepted by another person than the one who mended it, and then closed", () => {
    const site = broken();
    expect(move(site, "assigned", "chief").ok).toBe(true);
    expect(move(site, "fixed", "wang").ok).toBe(true);
    expect(site.durable.workOrders["barrier:main"]).toMatchObject({ state: "fixed", by: "wang", note: "note" });
    expect(move(site, "verified", "wang").code).toBe("command.not-allowed");
    expect(move(site, "verified", "li").ok).toBe(true);
    expect(site.durable.workOrders).toEqual({});
    expect(move(site, "fixed", "wang").code).toBe("command.unknown-target");
  });

  it("A-26: that is reported to nobody within two hours is an alarm, once, until somebody takes it", () => {
    const site = broken();
    site.pass(2 * hour - 2 * minute);
    expect(site.of("workorder.overdue")).toEqual([]);
    site.pass(3 * minute);
    const openedAt = site.of("workorder.opened")[0]?.at;
    const [overdue] = site.of("workorder.overdue");
    expect(overdue).toMatchObject({ number: "box-W1", device: "barrier:main", alarm: { priority: 3 } });
    expect(overdue?.dueAt.mono).toBe((openedAt?.mono ?? 0) + 2 * hour);
    site.pass(day);
    expect(site.of("workorder.overdue")).toHaveLength(1);
    move(site, "assigned", "chief");
    expect(site.of("workorder.assigned")).toMatchObject([{ alarms: [overdue?.alarm.key] }]);
  });

  it.each(["assigned", "fixed"] as const)("A-26: that is %s in time is not overdue", (to) => {
    const site = broken();
    site.pass(hour);
    move(site, to, "chief");
    site.pass(2 * hour);
    expect(site.of("workorder.overdue")).toEqual([]);
  });

  it("A-26: counts the time for which the box was off, but invents no delay where no clock can tell", () => {
    const trusted = broken();
    trusted.restart(3 * hour);
    expect(trusted.of("workorder.overdue")).toHaveLength(1);
    const untrusted = broken();
    untrusted.restart(3 * hour, "never-set");
    untrusted.pass(2 * hour - minute);
    expect(untrusted.of("workorder.overdue")).toEqual([]);
    untrusted.pass(2 * minute);
    expect(untrusted.of("workorder.overdue")).toHaveLength(1);
  });
});

describe("maintenance by runs", () => {
  it("A-39: falls due after so many runs, and its acceptance begins a new count", () => {
    const { barriers } = yard([]);
    const site = box([lockDown], { barriers: barriers.map((each) => ({ ...each, serviceCycles: 2 })) });
    const cycle = () => {
      site.order({ kind: "lock-down", group: "all-lanes" });
      site.pass(10_000);
      const standDown = { kind: "stand-down", group: "all-lanes", barriers: ["main", "side"] } as const;
      site.order(standDown, { issuers: ["li", "wang"] });
      site.order({ kind: "open", barrier: "main" });
      site.order({ kind: "open", barrier: "side" });
      site.pass(10_000);
    };
    cycle();
    expect(site.durable.workOrders).toEqual({});
    cycle();
    const orders = Object.values(site.durable.workOrders);
    expect(orders.map(({ device, cause, number }) => [device, cause, number])).toEqual([
      ["barrier:main", "maintenance-due", "box-W1"],
      ["barrier:side", "maintenance-due", "box-W2"],
    ]);
    move(site, "fixed", "wang");
    move(site, "verified", "li");
    expect(site.of("barrier.serviced")).toMatchObject([{ barrier: "main", cycles: 2 }]);
    expect(site.durable.cycles).toMatchObject({ main: 0, side: 2 });
    expect(Object.keys(site.durable.workOrders)).toEqual(["barrier:side"]);
  });
});

describe("what is broken", () => {
  const since = later(start, -hour);
  const config = yard([]);

  it("A-11: is listed with its cause and age, oldest first, a lost driver once", () => {
    const order = { number: "n", cause: "jammed", openedAt: later(start, -minute), changedAt: start, by: "", note: "" };
    const ward = wardOf(
      config,
      {
        workOrders: { "barrier:main": { ...order, device: "barrier:main", state: "open", isOverdue: false } },
        lost: { beam: since, motion: since, radio: later(start, -2 * hour) },
      },
      { linksDown: { sensors: "cable" } },
    );
    expect(faultsOf(ward).map(({ device, cause, ageMs }) => [device, cause, ageMs])).toEqual([
      ["point:radio", "signal-lost", 2 * hour],
      ["driver:sensors", "driver-lost", hour],
      ["barrier:main", "jammed", minute],
    ]);
  });

  it("A-11: names every lost input where its driver is there", () => {
    expect(faultsOf(wardOf(config, { lost: { beam: since } })).map(({ device }) => device)).toEqual(["point:beam"]);
    expect(faultsOf(wardOf(config))).toEqual([]);
  });

  it.each([
    ["nothing was ever lost", {}, {}, 1],
    ["one of ten inputs was lost for half the time", {}, { beam: hour / 2 }, 0.95],
    ["one of ten inputs is lost since half the time", { beam: later(start, -hour / 2) }, {}, 0.95],
    ["one was lost all the time, and an output", { beam: since, radio: since }, {}, 0.9],
    ["one was lost for longer than was watched", {}, { beam: 5 * hour }, 0.9],
  ])("A-11: availability when %s", (_word, lost, downMs, expected) => {
    const { durable, now } = wardOf(config, { watchedSince: since, lost, downMs });
    expect(availabilityOf(config, durable, now)).toBeCloseTo(expected);
  });

  it("A-11: availability is whole before anything was watched", () => {
    const { durable, now } = wardOf(config, { lost: { beam: since } });
    expect(availabilityOf(config, durable, now)).toBe(1);
  });

  it("A-11: is measured on a running box", () => {
    const site = box([]);
    site.facts.push({
      ...fact("agent.started", "box", { version: "", revision: 1, at: site.now() }),
      at: site.now(),
      exercise: false,
    });
    site.restart(0);
    site.pass(10 * minute);
    site.set("beam", false, "lost");
    site.pass(10 * minute);
    const availability = availabilityOf(site.config, site.durable, site.now());
    expect(availability).toBeGreaterThan(0.94);
    expect(availability).toBeLessThan(0.96);
  });
});
