// The relays "alarm" and "box healthy" of the office: on when all is well, off for whatever is not.
import { describe, expect, it } from "vitest";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { Incident, Step } from "../../../edge/model/incident.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { isAlarmStanding, isHealthy } from "../../../edge/response/fail-safe.js";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

const office = exampleSite("office");
const edge = office.edges[0] as EdgeConfig;
const settledMs = edge.settleMs + 2_000;

const settled = (site = new VirtualSite(office)) => site.run(settledMs);
const shown = (site: VirtualSite) => ({ alarm: site.relay("relay-no-alarm"), healthy: site.relay("relay-healthy") });

describe("the relay box healthy", () => {
  it("falls in only when all inputs have been read", () => {
    const site = new VirtualSite(office);
    site.cut.add("bollards");
    site.run(edge.settleMs - 1_000);
    expect(shown(site).healthy).toBe(false);
    site.cut.delete("bollards");
    site.run(2_000);
    expect(shown(site)).toEqual({ alarm: true, healthy: true });
  });

  it("drops at once with a driver that cannot reach its device, and is back with it", () => {
    const site = settled();
    site.cutLine("bollards");
    site.run(100);
    expect(shown(site).healthy).toBe(false);
    site.mendLine("bollards");
    site.run(1_000);
    expect(shown(site).healthy).toBe(true);
  });

  it("drops with one lost input although its driver is well", () => {
    const site = settled();
    const { loops } = site.plant;
    site.plant = { ...site.plant, loops: { ...loops, "Main.Approach1": "lost" } };
    site.run(100);
    expect(shown(site).healthy).toBe(false);
    site.plant = { ...site.plant, loops };
    site.run(100);
    expect(shown(site).healthy).toBe(true);
  });

  it.each([
    ["lost", {}, false],
    ["lost", { "beam-east": { how: "isolated" } }, true],
    ["tampered", {}, true],
  ] as const)("misses an input that is %s, unless its detector was taken out: %j", (quality, out, healthy) => {
    const at = { boot: "b", mono: 0, wall: 0, clock: "holdover" } as const;
    const durable = { ...initialDurable(edge), lost: { "beam-blocked": at }, out } as unknown as Durable;
    const sample = { point: "beam-blocked", value: null, quality, occurredAt: 0 } as const;
    const readings = { "beam-blocked": { sample, heardAt: 0 } };
    const self = { settled: true, isLate: false, troubles: [], linksDown: {}, readings };
    expect(isHealthy(edge, durable, self)).toBe(healthy);
  });

  it("drops while the agent finds the box itself unsound", () => {
    const site = settled();
    site.feed({ kind: "self", troubles: ["journal.volatile"] });
    site.run(100);
    expect(shown(site).healthy).toBe(false);
    site.feed({ kind: "self", troubles: [] });
    site.run(100);
    expect(shown(site).healthy).toBe(true);
  });

  it("stays while only room for telemetry runs out, and a work order asks for a remedy once; lost storage drops it", () => {
    const site = settled();
    for (const troubles of [["journal.disk-full"], [], ["journal.disk-full"]]) {
      site.feed({ kind: "self", troubles });
      site.run(100);
      expect(shown(site).healthy).toBe(true);
    }
    expect(site.of("workorder.opened")).toMatchObject([{ device: `box:${edge.id}`, cause: "storage-full" }]);
    const other = settled();
    other.feed({ kind: "self", troubles: ["journal.volatile"] });
    other.run(100);
    expect(shown(other).healthy).toBe(false);
    expect(other.of("workorder.opened")).toMatchObject([{ device: `box:${edge.id}`, cause: "storage-lost" }]);
  });

  it("drops when the controller was called too late, is recorded, and comes back after it has been in time", () => {
    const site = settled();
    site.mono += 4_000;
    site.run(100);
    expect(shown(site).healthy).toBe(false);
    expect(site.of("limit.reached")).toMatchObject([{ limit: "reaction-late" }]);
    site.run(6_000);
    expect(shown(site).healthy).toBe(true);
    expect(site.of("limit.reached")).toHaveLength(1);
  });

  it("is not late when a new configuration wires it in a box that has run for long", () => {
    const { failSafe: _f, ...bare } = edge;
    const site = settled(new VirtualSite({ ...office, edges: [bare] }));
    site.run(60_000);
    site.feed({ kind: "config", config: edge });
    site.run(100);
    expect([site.of("limit.reached"), shown(site).healthy]).toEqual([[], true]);
    site.mono += 6_000;
    site.run(100);
    expect(site.of("limit.reached")).toMatchObject([{ limit: "reaction-late" }]);
  });

  it("drops when the box starts again although the board held it, until inputs are read afresh", () => {
    const site = settled();
    site.kill();
    site.run(1_000);
    expect(shown(site).healthy).toBe(true);
    site.cut.add("bollards");
    site.start();
    site.run(100);
    expect(shown(site).healthy).toBe(false);
    site.mendLine("bollards");
    site.run(settledMs);
    expect(shown(site).healthy).toBe(true);
  });

  it("is switched again after its board was reset, like every output", () => {
    const site = settled();
    for (const id of ["relay-healthy", "relay-no-alarm"])
      site.plant = { ...site.plant, relays: { ...site.plant.relays, [id]: false } };
    site.run(2_000);
    expect(shown(site)).toEqual({ alarm: true, healthy: true });
  });

  it("goes on and off where a time relay is to see a dead process, and stands still off when the box is not sound", () => {
    const pulsed = { ...edge, failSafe: { healthy: "relay-healthy", pulseMs: 500 } };
    const site = settled(new VirtualSite({ ...office, edges: [pulsed] }));
    const changes = () => {
      const levels = Array.from({ length: 40 }, () => site.run(100).relay("relay-healthy"));
      return levels.filter((level, index) => index > 0 && level !== levels[index - 1]).length;
    };
    expect(changes()).toBeGreaterThanOrEqual(7);
    site.cutLine("bollards");
    site.run(500);
    expect(changes()).toBe(0);
    expect(site.relay("relay-healthy")).toBe(false);
  });
});

describe("the relay alarm", () => {
  it("is on while nothing stands, drops with an alarm and is back when its incident is reset", () => {
    const site = settled();
    site.trigger("beam-break");
    site.run(1_500);
    expect(shown(site)).toEqual({ alarm: false, healthy: true });
    site.run(10_000);
    expect(shown(site).alarm).toBe(false);
    for (const incident of Object.keys(site.durable().incidents))
      expect(site.command({ kind: "reset", incident })).toMatchObject({ ok: true });
    site.run(1_000);
    expect(shown(site).alarm).toBe(true);
  });

  it("is off from the first write of a box that comes up with an alarm on record", () => {
    const site = settled();
    site.trigger("beam-break");
    site.run(1_500);
    site.kill();
    site.plant = { ...site.plant, relays: { ...site.plant.relays, "relay-no-alarm": true } };
    site.start();
    site.run(100);
    expect(shown(site).alarm).toBe(false);
  });

  const incident = { id: "i", place: "p", zones: [], acknowledgedBy: null, exercise: false } as unknown as Incident;
  const step = { id: "s", incident: "i", outcome: "missed", confirmedAt: null } as unknown as Step;
  it.each([
    ["an intrusion", { ...incident, kind: "intrusion" }, undefined, true],
    ["a zone that is not guarded", { ...incident, kind: "unguarded" }, undefined, true],
    ["a drill, for a relay cannot say exercise", { ...incident, kind: "intrusion", exercise: true }, undefined, false],
    ["a silent hold-up, which nothing on site may show", { ...incident, kind: "hold-up" }, step, false],
    ["a posture", { ...incident, kind: "posture" }, undefined, false],
    ["a posture with a missed step", { ...incident, kind: "posture" }, step, true],
    [
      "a posture whose missed step was done late",
      { ...incident, kind: "posture" },
      { ...step, confirmedAt: {} },
      false,
    ],
  ] as const)("answers whether %s drops it", (_name, known, open, drops) => {
    const durable = {
      ...initialDurable(edge),
      incidents: { i: known },
      steps: open === undefined ? {} : { s: open },
    } as unknown as Durable;
    expect(isAlarmStanding(durable)).toBe(drops);
  });
});
