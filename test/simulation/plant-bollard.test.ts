// The rising bollard's own physics and safety, as tables: what it does with an order under which conditions.
import { describe, expect, it } from "vitest";
import {
  type Bollard,
  type Demand,
  demandBollard,
  freeBollard,
  isClosed,
  isOpen,
  powerBollard,
  startBollard,
  stepBollard,
} from "../../simulators/plant/bollard.js";
import type { VehicleLoop } from "../../simulators/plant/loop.js";

const settings = { travelMs: 6_000, emergencyTravelMs: 2_000 };

function run(bollard: Bollard, until: number, loop: VehicleLoop = "free"): Bollard {
  let present = bollard;
  while (present.steppedAt < until) present = stepBollard(present, settings, loop, present.steppedAt + 20);
  return present;
}

describe("a bollard's travel", () => {
  const rows: { order: Demand; starts: "open" | "closed"; ms: number }[] = [
    { order: "close", starts: "open", ms: 6_000 },
    { order: "open", starts: "closed", ms: 6_000 },
    { order: "emergency-close", starts: "open", ms: 2_000 },
  ];
  it.each(rows)("takes $ms ms for $order and makes the contact only at the end", ({ order, starts, ms }) => {
    const ordered = demandBollard(startBollard(starts, 0), order, "free", 0);
    const before = run(ordered, ms - 40);
    expect([isClosed(before), isOpen(before)]).toEqual([false, false]);
    const after = run(before, ms + 20);
    expect(isClosed(after)).toBe(order !== "open");
    expect(isOpen(after)).toBe(order === "open");
    expect(after.motion).toBe("still");
    expect(Math.abs(after.contactChangedAt - ms)).toBeLessThanOrEqual(20);
  });

  it("stops at once on stop and goes on from there on the next order", () => {
    const halfway = run(demandBollard(startBollard("open", 0), "close", "free", 0), 3_000);
    const stopped = run(demandBollard(halfway, "stop", "free", 3_000), 10_000);
    expect(stopped.position).toBeCloseTo(0.5, 2);
    const closed = run(demandBollard(stopped, "close", "free", 10_000), 13_040);
    expect(isClosed(closed)).toBe(true);
  });

  it("counts every writing of an order, also of the same word", () => {
    const once = demandBollard(startBollard("closed", 0), "close", "free", 0);
    expect(demandBollard(once, "close", "free", 0).orders).toBe(2);
  });
});

describe("a bollard's own safety", () => {
  const orders: Demand[] = ["close", "emergency-close"];
  it.each(orders)("does not rise on %s while a vehicle stands on its loop, nor by itself when it has left", (order) => {
    const ordered = demandBollard(startBollard("open", 0), order, "occupied", 0);
    const left = run(run(ordered, 5_000, "occupied"), 20_000);
    expect(isOpen(left)).toBe(true);
    expect(left.demand).toBe(order);
  });

  it("counts a lost loop as occupied", () => {
    expect(run(demandBollard(startBollard("open", 0), "close", "lost", 0), 8_000, "lost").position).toBe(0);
  });

  const arrivals = [
    { at: 1_000, closes: false },
    { at: 4_000, closes: true },
  ];
  it.each(arrivals)("with a vehicle that arrives $at ms after the start ends closed: $closes", ({ at, closes }) => {
    const rising = run(demandBollard(startBollard("open", 0), "close", "free", 0), at);
    expect(isClosed(run(rising, 8_000, "occupied"))).toBe(closes);
  });

  it("lowers with a vehicle on the loop", () => {
    expect(isOpen(run(demandBollard(startBollard("closed", 0), "open", "occupied", 0), 6_100, "occupied"))).toBe(true);
  });
});

describe("a troubled bollard", () => {
  it("that is jammed takes the order, stays open and reports a fault when its travel is overdue", () => {
    const jammed = demandBollard({ ...startBollard("open", 0), jammed: true }, "close", "free", 0);
    expect(run(jammed, 8_900).fault).toBe(false);
    const overdue = run(jammed, 9_100);
    expect([overdue.fault, overdue.motion, isOpen(overdue)]).toEqual([true, "still", true]);
    const freed = freeBollard(overdue);
    expect(freed.fault).toBe(false);
    expect(isClosed(run(demandBollard(freed, "close", "free", 10_000), 16_100))).toBe(true);
  });

  it("with an obstacle on its lid stops, reports it and never makes the contact", () => {
    const blocked = run(demandBollard({ ...startBollard("open", 0), obstacle: true }, "close", "free", 0), 20_000);
    expect([blocked.obstructed, blocked.fault, isClosed(blocked), isOpen(blocked)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(isOpen(run(demandBollard(blocked, "open", "free", 20_000), 27_000))).toBe(true);
  });

  it("without power stops where it is, refuses orders and does not start when power is back", () => {
    const rising = run(demandBollard(startBollard("open", 0), "close", "free", 0), 3_000);
    const dark = run(demandBollard(powerBollard(rising, false), "close", "free", 3_000), 10_000);
    expect(dark.position).toBeCloseTo(0.5, 2);
    expect(run(powerBollard(dark, true), 20_000).position).toBeCloseTo(0.5, 2);
  });

  it("that is raised stays raised without power", () => {
    expect(isClosed(run(powerBollard(startBollard("closed", 0), false), 60_000))).toBe(true);
  });
});
