// A configuration that is taken while the box runs: what holds goes on, what is new starts unheard, what is gone is forgotten.
import { describe, expect, it } from "vitest";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { HandFed } from "../../support/hand-fed.js";
import { exampleSite } from "../../support/virtual-site.js";

function school(): EdgeConfig {
  const config = exampleSite("school").edges[0];
  if (config === undefined) throw new Error("the school has a box");
  return config;
}

/** Loops at rest: half the scale with equal resistors. */
const rest = { "gatehouse-door-loop": 512, "control-room-door-loop": 512 };

describe("a new configuration in a running box", () => {
  it("leaves a lock-down, its barriers and an alarm's latch as they are", () => {
    const box = new HandFed(school(), rest);
    box.set("gate-post-button", true);
    box.pass(20_000);
    const before = box.durable;
    expect(Object.keys(before.lockDowns)).toEqual(["south-lane"]);
    expect(before.barriers["bollard"]).toBe("closed");

    box.input({ kind: "config", config: { ...school(), name: { zh: "新", en: "New" } } });
    box.pass(20_000);

    expect(box.durable.lockDowns).toEqual(before.lockDowns);
    expect(box.durable.zones["one-key-alarm"]?.state).toBe("breached");
    expect(box.types().filter((type) => type === "barrier.moved-uncommanded")).toEqual([]);
    expect(box.durable.barriers["bollard"]).toBe("closed");
  });

  it("goes on with a close that is under way, and meets its deadline", () => {
    const box = new HandFed(school(), rest);
    box.set("gate-post-button", true);
    box.pass(1500);
    box.input({ kind: "config", config: { ...school(), name: { zh: "新", en: "New" } } });
    box.pass(30_000);
    const closes = Object.values(box.durable.steps).filter((step) => step.action.kind === "close");
    expect(closes.map((step) => step.outcome)).toEqual(["met", "met"]);
  });

  it("takes a new area as its configuration says, and says that a new zone is not seen until it is", () => {
    const box = new HandFed(school(), rest);
    const config = school();
    const [first] = config.drivers;
    if (first?.kind !== "mqtt") throw new Error("the first driver is the broker in the box");
    const [point] = first.points;
    const [zone] = config.zones;
    if (point === undefined || zone?.kind !== "infrared-beam") throw new Error("the first zone is a beam");
    const south = { ...point, id: "south-blocked", topic: "field/beam-south/state" };
    box.input({
      kind: "config",
      config: {
        ...config,
        areas: [...config.areas, { id: "yard", name: zone.name, kind: "perimeter", armedAtStart: true }],
        drivers: [{ ...first, points: [...first.points, south] }, ...config.drivers.slice(1)],
        zones: [...config.zones, { ...zone, id: "yard-south", area: "yard", point: south.id }],
      },
    });
    expect(box.durable.armed["yard"]).toBe(true);
    box.pass(20_000);
    expect(box.of("zone.unguarded").map(({ zone: id }) => id)).toContain("yard-south");
  });

  it("lets a zone that was changed see at once what its points said last", () => {
    const box = new HandFed(school(), rest);
    const config = school();
    const renamed = config.zones.map((zone) => ({ ...zone, name: { zh: "新", en: "New" } }));
    box.input({ kind: "config", config: { ...config, zones: renamed } });
    box.pass(60_000);
    expect(Object.values(box.durable.zones).map(({ state }) => state)).not.toContain("fault");
    expect(box.types()).not.toContain("zone.unguarded");
    expect(box.order({ kind: "disarm", area: "gatehouse" }).ok).toBe(true);
    expect(box.order({ kind: "arm", area: "gatehouse" })).toMatchObject({ ok: true });
  });

  it("forgets zones and areas that are gone, also after the next start", () => {
    const box = new HandFed(school(), rest);
    box.set("north-blocked", true);
    box.pass(2000);
    expect(box.durable.zones["fence-north"]?.state).toBe("breached");
    const config = school();
    box.input({ kind: "config", config: { ...config, zones: config.zones.filter(({ id }) => id !== "fence-north") } });
    expect(box.durable.zones["fence-north"]).toBeUndefined();
    box.restart(1000);
    expect(box.durable.zones["fence-north"]).toBeUndefined();
  });
});
