// What the inputs of a wired panel mean, and what its lamps show: tables.
import { describe, expect, it } from "vitest";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable, LockDown, WorkOrder } from "../../../edge/model/durable.js";
import type { Incident } from "../../../edge/model/incident.js";
import { type PanelConfig, type PanelLamp, panelActs } from "../../../edge/model/panel.js";
import type { Quality } from "../../../edge/model/point.js";
import { mayAct } from "../../../edge/model/rights.js";
import type { Ward } from "../../../edge/model/state.js";
import { blinkMs, blinkMsOf, isLit, type Light, lightsOf } from "../../../edge/response/lamps.js";
import { heldMs, panelOrders, seeInput, turnedAt, unseenInput } from "../../../edge/response/panel.js";
import { start, wardOf, yard } from "./yard.js";

const panel: PanelConfig = {
  keys: [{ point: "key", areas: ["fence", "post"] }],
  silence: "silence",
  reset: "reset",
  lamps: { armed: "l1", ready: "l2", alarm: "l3", fault: "l4", lockDown: "l5" },
};
const sample = (value: boolean | number | null, occurredAt: number, quality: Quality = "good") => ({
  point: "key",
  value,
  quality,
  occurredAt,
});
/** A position, then samples; when what they say has lasted. */
const seen = (...samples: ReturnType<typeof sample>[]) => samples.reduce(seeInput, unseenInput);
const never = Number.POSITIVE_INFINITY;

describe("a key of a wired panel", () => {
  it.each([
    ["the position in which it is found", [sample(true, 0)], never],
    ["a turn that is seen live, once it has lasted", [sample(false, 0), sample(true, 50)], 50 + heldMs],
    ["the same position told again", [sample(true, 0), sample(true, 50)], never],
    ["a bounce", [sample(false, 0), sample(true, 50), sample(false, 60)], never],
    [
      "a bounce that ends turned, from its last edge",
      [sample(false, 0), sample(true, 1), sample(false, 5), sample(true, 9)],
      9 + heldMs,
    ],
    ["another position after its line was lost", [sample(false, 0), sample(null, 1, "lost"), sample(true, 2)], never],
    ["another position after a retained value", [sample(false, 0, "stale"), sample(true, 2)], never],
    ["a turn that the line loses half-way", [sample(false, 0), sample(true, 1), sample(true, 2, "tampered")], never],
    ["a turn that is only retained", [sample(false, 0), sample(true, 1, "stale")], never],
    ["what is no position", [sample(false, 0), sample(7, 1)], never],
  ])("%s", (_what, samples, at) => {
    expect(turnedAt(seen(...samples))).toBe(at);
  });

  it("arms each of its areas when it is turned on, and disarms each when it is turned off", () => {
    expect(panelOrders(panel, "key", true, { incidents: {} })).toEqual([
      { kind: "arm", area: "fence" },
      { kind: "arm", area: "post" },
    ]);
    expect(panelOrders(panel, "key", false, { incidents: {} }).map(({ kind }) => kind)).toEqual(["disarm", "disarm"]);
  });

  it("is a button that orders once when it is pressed, and nothing when it is let go", () => {
    expect(panelOrders(panel, "silence", true, { incidents: {} })).toEqual([{ kind: "silence" }]);
    expect(panelOrders(panel, "silence", false, { incidents: {} })).toEqual([]);
    expect(panelOrders(panel, "reset", false, { incidents: { a: incident("a") } })).toEqual([]);
  });

  it("resets every alarm but a silent hold-up, and no posture", () => {
    const incidents = {
      a: incident("a"),
      b: incident("b", { kind: "hold-up" }),
      c: incident("c", { kind: "posture" }),
    };
    expect(panelOrders(panel, "reset", true, { incidents })).toEqual([{ kind: "reset", incident: "a" }]);
  });

  it("A-22: orders nothing that an operator may not, neither a stand-down nor an isolation", () => {
    expect(panelActs.filter((act) => !mayAct("operator", act))).toEqual([]);
    expect(panelActs).not.toContain("stand-down");
    expect(panelActs).not.toContain("isolate");
  });
});

function incident(id: string, part: Partial<Incident> = {}): Incident {
  const at = { id, kind: "intrusion" as const, place: "fence", openedAt: start, zones: [] };
  return { ...at, acknowledgedBy: null, exercise: false, ...part };
}
const order = (state: WorkOrder["state"], cause = "jammed"): Durable["workOrders"] => ({
  d: { number: "W1", device: "d", cause, openedAt: start, changedAt: start, state, by: "", note: "", isOverdue: false },
});
const lockDown: LockDown = { group: "all-lanes", incident: "a", since: start, barriers: ["main", "side"] };
const armed = (fence: boolean, post: boolean) => ({ armed: { fence, post, buffer: true } });
const entry = { until: start, by: "panel" };

describe("a lamp of a wired panel", () => {
  it.each<[PanelLamp, Light, string, Partial<Durable>, Partial<Ward>?]>([
    ["armed", "off", "nothing of its keys is armed", armed(false, false)],
    ["armed", "steady", "all is armed", armed(true, true)],
    ["armed", "blinking", "only some of it is", armed(true, false)],
    ["armed", "blinking", "the exit time runs", { ...armed(false, false), arming: { fence: entry } }],
    ["armed", "blinking", "arming was prevented", { ...armed(false, false), armFailed: { fence: start } }],
    ["ready", "off", "a zone is not normal", armed(false, false), { conditions: { beam: { kind: "unknown" } } }],
    ["ready", "steady", "all is armed already", armed(true, true)],
    ["ready", "off", "nothing has been read since the start", armed(true, true), { settled: false }],
    ["alarm", "off", "no incident is open", {}],
    ["alarm", "blinking", "one is not acknowledged", { incidents: { a: incident("a") } }],
    ["alarm", "steady", "all are acknowledged", { incidents: { a: incident("a", { acknowledgedBy: "li" }) } }],
    ["alarm", "off", "there is only a silent hold-up", { incidents: { a: incident("a", { kind: "hold-up" }) } }],
    ["alarm", "off", "a posture holds", { incidents: { a: incident("a", { kind: "posture" }) } }],
    ["fault", "off", "all works", {}],
    ["fault", "off", "a service is due", { workOrders: order("open", "maintenance-due") }],
    ["fault", "blinking", "nobody has taken a fault on", { workOrders: order("open") }],
    ["fault", "steady", "somebody sees to it", { workOrders: order("assigned") }],
    ["fault", "off", "it is mended", { workOrders: order("fixed") }],
    ["fault", "blinking", "an input is lost", { lost: { key: start } }],
    ["fault", "blinking", "a driver is lost", {}, { linksDown: { io: "cut" } }],
    ["lockDown", "off", "nothing is held", {}],
    [
      "lockDown",
      "blinking",
      "a held lane is not closed",
      { lockDowns: { g: lockDown }, barriers: { main: "closed", side: "open" } },
    ],
    [
      "lockDown",
      "steady",
      "all that is held is closed",
      { lockDowns: { g: lockDown }, barriers: { main: "closed", side: "closed" } },
    ],
  ])("%s is %s when %s", (lamp, light, _when, ...[durable, ward = {}]) => {
    const config = yard([]);
    const known = { ...initialDurable(config), ...durable };
    const lights = lightsOf(panel, { ...wardOf(config), settled: true, ...ward, durable: known }, []);
    expect(lights[lamp]).toBe(light);
  });

  it("tells of what is wrong with the box itself", () => {
    expect(lightsOf(panel, wardOf(yard([])), ["journal is volatile"]).fault).toBe("blinking");
  });

  it("blinks by the clock, half a period on and half off", () => {
    expect([0, 999, 1000, 1999, 2000].map((now) => isLit("blinking", now, blinkMs))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(isLit("steady", 1500, blinkMs)).toBe(true);
    expect(isLit("off", 0, blinkMs)).toBe(false);
  });

  it("blinks slower on a driver that confirms slowly", () => {
    const point = { id: "l", direction: "out" as const, line: 1 };
    const slow = { ...point, node: "n", type: "boolean" as const, confirmWithinMs: 4000 };
    const gpio = { id: "g", kind: "gpio" as const, chip: "c", points: [point] };
    expect(blinkMsOf({ driver: gpio, point })).toBe(blinkMs);
    expect(blinkMsOf({ driver: gpio, point: slow })).toBe(8000);
  });
});
