import { describe, expect, it } from "vitest";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { WorkOrderState } from "../../../edge/model/durable.js";
import type { Step } from "../../../edge/model/incident.js";
import type { BarrierConfig, EdgeConfig } from "../../../edge/model/site.js";
import type { Readings } from "../../../edge/model/state.js";
import { later } from "../../../edge/model/time.js";
import { sealNow } from "../../../edge/response/seal.js";
import { exampleSite } from "../../support/virtual-site.js";

const config = exampleSite("office").edges[0] as EdgeConfig;
const group = config.groups.find(({ id }) => id === "all-lanes");
const members = config.barriers.filter(({ id }) => group?.barriers.includes(id));

function heard(changes: Readonly<Record<string, boolean>> = {}): Readings {
  const at = (point: string, value: boolean) =>
    [point, { sample: { point, value, quality: "good", occurredAt: 0 }, heardAt: 0 }] as const;
  const rest = members.flatMap((barrier) => [
    ...[barrier.closed, barrier.obstructed, barrier.fault, barrier.manual, barrier.lockOut, ...barrier.interlocks]
      .filter((point) => point !== undefined)
      .map((point) => at(point, false)),
    ...[barrier.open, barrier.powerOk].filter((point) => point !== undefined).map((point) => at(point, true)),
  ]);
  return Object.fromEntries([...rest, ...Object.entries(changes).map(([point, value]) => at(point, value))]);
}

const now = { boot: "b", mono: 0, wall: 0, clock: "synchronised" } as const;
const view = (readings: Readings) => ({ config, durable: initialDurable(config), readings, linksDown: {}, now });
const second = members[1] as BarrierConfig;

describe("seal now", () => {
  it("A-33: says yes and in how many ms: stagger, warning, command, travel and the contact of the slowest", () => {
    const seal = sealNow(view(heard()), "all-lanes");
    const expected = members.map(
      ({ warnMs, travelMs }, index) => index * (group?.staggerMs ?? 0) + warnMs + 50 + 350 + travelMs + 150 + 150,
    );
    expect(seal.ok).toBe(true);
    expect(seal.barriers.map(({ ms }) => ms)).toEqual(expected);
    expect(seal.totalMs).toBe(Math.max(...expected));
  });

  it("needs no time for what is closed already", () => {
    const closed = { [second.closed]: true, [second.open ?? ""]: false };
    expect(sealNow(view(heard(closed)), "all-lanes").barriers[1]).toEqual({ barrier: second.id, ms: 0, obstacles: [] });
  });

  it.each([
    ["a car on the loop", { [second.interlocks[0] ?? ""]: true }, ["vehicle-on-loop"]],
    ["a dead power supply", { [second.powerOk ?? ""]: false }, ["power-lost"]],
    ["a drive that reported a fault", { [second.fault ?? ""]: true }, ["drive-fault"]],
    ["both contacts at once", { [second.closed]: true }, ["contact-unknown"]],
  ])("says no and why: %s", (_name, changes, obstacles) => {
    const seal = sealNow(view(heard(changes)), "all-lanes");
    expect(seal.ok).toBe(false);
    expect(seal.barriers[1]?.obstacles).toEqual(obstacles);
    expect(seal.barriers[0]?.obstacles).toEqual([]);
  });

  it("says no while a fire frees a barrier, while its driver is gone, and before anything was heard", () => {
    const driver = config.drivers.find(({ points }) => points.some(({ id }) => id === second.closed))?.id ?? "";
    const release = { action: { kind: "release", barrier: second.id } } as Step;
    const burning = { ...initialDurable(config), steps: { r: release } };
    expect(sealNow({ ...view(heard()), durable: burning }, "all-lanes").barriers[1]?.obstacles).toEqual(["fire"]);
    const deaf = sealNow({ ...view(heard()), linksDown: { [driver]: "cut" } }, "all-lanes");
    expect(deaf.barriers[1]?.obstacles).toEqual(["output-not-confirmed"]);
    expect(sealNow(view({}), "all-lanes").barriers[1]?.obstacles).toContain("waiting-for-fresh-inputs");
  });

  it("says no of a drive that jammed when it ran last, until somebody has mended it", () => {
    const order = { number: "1", device: `barrier:${second.id}`, cause: "jammed", openedAt: now, changedAt: now };
    const seal = (state: WorkOrderState) => {
      const workOrders = { [order.device]: { ...order, state, by: "", note: "", isOverdue: false } };
      return sealNow({ ...view(heard()), durable: { ...initialDurable(config), workOrders } }, "all-lanes");
    };
    expect([seal("open"), seal("assigned")].map(({ barriers }) => barriers[1]?.obstacles)).toEqual([
      ["jammed"],
      ["jammed"],
    ]);
    expect(seal("fixed").ok).toBe(true);
  });

  it("says a reason once, though a key and a loop give the same", () => {
    const lost = (point: string | undefined): Readings =>
      point === undefined
        ? {}
        : { [point]: { sample: { point, value: null, quality: "lost", occurredAt: 1 }, heardAt: 1 } };
    const readings = { ...heard(), ...lost(second.lockOut), ...lost(second.interlocks[0]) };
    expect(sealNow(view(readings), "all-lanes").barriers[1]?.obstacles).toEqual(["interlock-not-good"]);
  });

  it("waits for the end of a pass", () => {
    const alone = sealNow(view(heard()), "all-lanes").barriers[1]?.ms ?? 0;
    const pass = { until: later(now, 40_000), by: "wang", incident: "i" };
    const passing = { ...initialDurable(config), passes: { [second.id]: pass } };
    expect(sealNow({ ...view(heard()), durable: passing }, "all-lanes").barriers[1]?.ms).toBe(alone + 40_000);
  });

  it("says no to a group that nobody knows", () => {
    expect(sealNow(view(heard()), "nowhere")).toEqual({ ok: false, totalMs: 0, barriers: [] });
  });
});
