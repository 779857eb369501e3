// Dangerous meetings of two things at once, each of which is harmless alone, on small boxes fed by hand.
import { describe, expect, it } from "vitest";
import { initialState, step } from "../../../edge/controller.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { PointValue } from "../../../edge/model/point.js";
import { HandFed } from "../../support/hand-fed.js";
import { area, config, zone } from "../incident/stage.js";
import { beam, box, close, fire, hour, minute, motion, panic, response, sound, yard } from "../response/yard.js";

const fence = config({
  zones: [zone("beam", { tamper: "cover" })],
  drivers: [
    {
      id: "io",
      kind: "gpio",
      chip: "c",
      points: ["beam", "cover"].map((id) => ({ id, direction: "in" as const, line: id })),
    },
  ],
});
const openFence = { ...fence, areas: [area("fence", { armedAtStart: false })] };
const lose = (box: HandFed, ...points: readonly string[]) => {
  for (const point of points)
    box.input({
      kind: "sample",
      sample: { point, value: null as PointValue | null, quality: "lost", occurredAt: box.mono },
    });
};

describe("a zone that begins to count again", () => {
  it("A-36: while its case is open is a tamper alarm, armed or not", () => {
    const box = new HandFed(openFence);
    box.order({ kind: "isolate", zone: "beam", forMs: 10_000 });
    box.set("cover", true);
    box.pass(9000);
    expect(box.of("zone.tampered")).toEqual([]);
    box.pass(2000);
    expect(box.of("zone.tampered")).toHaveLength(1);
  });

  it("while it cannot be seen is unguarded within 20 s", () => {
    const box = new HandFed(fence);
    box.order({ kind: "isolate", zone: "beam", forMs: null });
    lose(box, "beam");
    box.pass(30_000);
    expect(box.of("zone.unguarded")).toEqual([]);
    box.order({ kind: "reinstate", zone: "beam" });
    box.pass(20_000);
    expect(box.of("zone.unguarded")).toHaveLength(1);
  });

  it("A-25: is unguarded too when level 1 arms a perimeter that was lost by day", () => {
    const box = new HandFed(openFence);
    lose(box, "beam");
    box.pass(30_000);
    box.order({ kind: "set-posture", level: "level-1", issuer: "office", reference: "no. 7", leader: "leader" });
    box.pass(20_000);
    expect(box.of("zone.unguarded")).toHaveLength(1);
  });
});

describe("a pre-alarm over a restart", () => {
  const pair = config({
    zones: [zone("a"), zone("b")],
    confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }],
  });
  const spoken = () => {
    const box = new HandFed(pair);
    box.set("a", true);
    box.pass(200);
    box.set("a", false);
    box.pass(200);
    expect(box.of("zone.pre-alarmed")).toHaveLength(1);
    return box;
  };

  it("is over when its time was over while the box was off", () => {
    const box = spoken();
    box.restart(7_200_000);
    expect(box.of("zone.breached")).toEqual([]);
    expect(box.durable.preAlarms).toEqual({});
  });

  it("waits for its partner, which is not heard of yet but not lost either", () => {
    const box = spoken();
    box.restart(5000);
    box.pass(10_000);
    expect(box.of("zone.breached")).toEqual([]);
    box.set("b", true);
    box.pass(200);
    expect(box.of("zone.breached")).toHaveLength(2);
  });
});

describe("a hand on the line of a fire input on the perimeter", () => {
  it("A-32: sounds and frees nothing, nor when it is seen again after a start", () => {
    const free = { id: "free", kind: "release", group: "channel", withinMs: 10_000 } as const;
    const site = box([response("fire", [{ zones: ["fire"] }], sound("siren"), free)], {
      zones: [beam, panic, { ...fire, area: "fence" }, motion],
    });
    site.input({ kind: "sample", sample: { point: "fire", value: null, quality: "tampered", occurredAt: site.mono } });
    site.pass(1000);
    expect(site.of("zone.tampered")).toHaveLength(1);
    expect(site.outputs["siren"]).toBe(true);
    site.restart(1000);
    site.input({ kind: "sample", sample: { point: "fire", value: null, quality: "tampered", occurredAt: site.mono } });
    site.pass(1000);
    expect(new Set(site.of("step.decided").map(({ step }) => step.action.kind))).toEqual(new Set(["announce"]));
  });
});

describe("a lane that was let pass", () => {
  const passed = (forMs: number) => {
    const site = box([response("held", [{ command: "lock-down" }], close("main-lanes"))]);
    site.order({ kind: "lock-down", group: "main-lanes" });
    site.pass(10_000);
    site.order({ kind: "let-pass", barrier: "main", forMs });
    site.pass(10_000);
    return site;
  };

  it("A-33: is missed when it does not close again, for its lock-down stands", () => {
    const site = passed(30_000);
    site.stuck.add("main");
    site.pass(minute);
    expect(site.of("lane.closed")).toHaveLength(1);
    expect(site.of("step.missed")).toMatchObject([{ target: "main", reason: "jammed" }]);
  });

  it("A-33: proves by its contact that it has closed again", () => {
    const site = passed(30_000);
    site.pass(minute);
    expect(site.of("step.decided").map(({ step }) => step.action)).toMatchObject([
      { kind: "close", barrier: "main" },
      { kind: "close", barrier: "main", mode: "normal" },
    ]);
    expect(site.of("step.met")).toHaveLength(2);
  });

  it("closes in its time although the wall clock went back by hours while the box was off", () => {
    const site = passed(10 * minute);
    site.restart(-5 * hour);
    site.pass(10 * minute);
    expect(site.durable.passes).toEqual({});
    expect(site.durable.barriers["main"]).toBe("closed");
  });
});

describe("an entry time", () => {
  const house = config({
    areas: [area("house", { kind: "office", entryMs: 30_000 })],
    zones: [
      zone("door", { kind: "door-contact", area: "house", entryRoute: true }),
      zone("window", { kind: "door-contact", area: "house" }),
    ],
  });
  const entered = () => {
    const box = new HandFed(house);
    box.set("door", true);
    box.pass(1000);
    return box;
  };

  it("is over in its time although the wall clock went back by hours while the box was off", () => {
    const box = entered();
    box.restart(-5 * hour);
    box.pass(minute);
    expect(box.of("zone.breached")).toHaveLength(1);
  });

  it("is forgotten with its zone, and wakes nobody in the past", () => {
    const box = entered();
    box.input({ kind: "config", config: { ...house, zones: house.zones.slice(1) } });
    expect(box.durable.entries).toEqual({});
    box.pass(minute);
  });
});

describe("an order to open", () => {
  const bench = () => {
    const site = yard([]);
    const keys = {
      id: "keys",
      kind: "gpio" as const,
      chip: "k",
      points: ["key", "power"].map((id) => ({ id, direction: "in" as const, line: id })),
    };
    const barriers = site.barriers.map((each) =>
      each.id === "main" ? { ...each, lockOut: "key", powerOk: "power" } : each,
    );
    const box = new HandFed({ ...site, barriers, drivers: [...site.drivers, keys] });
    box.set("main-open", false);
    box.set("main-closed", true);
    return box;
  };

  it.each([
    ["key", true, "locked-out"],
    ["power", false, "power-lost"],
  ] as const)("is refused, and sets nothing in motion later, while its drive is held by %s", (point, held, why) => {
    const box = bench();
    box.set(point, held);
    expect(box.order({ kind: "open", barrier: "main" }).obstacles).toEqual([{ subject: "main", why }]);
    box.pass(hour);
    box.set(point, !held);
    box.pass(minute);
    expect(box.durable.barriers["main"]).toBe("closed");
  });

  it("has lapsed when the key is taken off again that stopped it on its way", () => {
    const box = bench();
    box.stuck.add("main");
    box.order({ kind: "open", barrier: "main" });
    box.pass(500);
    box.set("key", true);
    box.stuck.delete("main");
    box.pass(minute);
    box.set("key", false);
    box.pass(minute);
    expect(box.durable.barriers["main"]).toBe("closed");
  });
});

describe("a barrier that cannot be seen", () => {
  const orders = (site: HandFed) => Object.values(site.durable.workOrders).map(({ device, cause }) => [device, cause]);

  it("A-36: has a work order when one of its contacts is lost for longer than a moment", () => {
    const site = box([]);
    lose(site, "main-closed");
    site.pass(1000);
    site.set("main-closed", false);
    site.pass(minute);
    expect(orders(site)).toEqual([]);
    lose(site, "main-closed");
    site.pass(10_000);
    expect(orders(site)).toEqual([["barrier:main", "signal-lost"]]);
  });

  it("A-36: has one together with all that hang on the same dead driver", () => {
    const site = box([]);
    lose(site, "main-closed", "main-open", "side-closed", "side-open");
    site.input({ kind: "link", driver: "sensors", up: false, reason: "gone" });
    site.pass(minute);
    expect(orders(site)).toEqual([["driver:sensors", "signal-lost"]]);
  });

  it("counts as lost what was never heard of since the start, when the time for it is over", () => {
    const site = yard([]);
    const at = (mono: number) => ({ boot: "boot", mono, wall: mono, clock: "synchronised" as const });
    const { state } = step(initialState(site, initialDurable(site), at(1000)), { kind: "started" }, at(1000));
    const settled = step(state, { kind: "wake" }, at(1000 + site.settleMs)).state;
    const later = step(settled, { kind: "wake" }, at(10_000 + site.settleMs)).state;
    expect(Object.keys(settled.durable.lost)).toContain("main-closed");
    expect(Object.keys(later.durable.workOrders)).toContain("barrier:main");
  });
});

describe("a zone that has spoken for two incidents", () => {
  it("must be at rest for the first to be reset, too", () => {
    const site = box([]);
    site.set("panic", true);
    site.pass(500);
    site.input({ kind: "sample", sample: { point: "panic", value: null, quality: "tampered", occurredAt: site.mono } });
    site.pass(500);
    const [first = "", second = ""] = Object.keys(site.durable.incidents);
    expect(second).not.toBe("");
    expect(site.order({ kind: "reset", incident: first }).obstacles).toEqual([{ subject: "panic", why: "not-normal" }]);
    site.set("panic", false);
    site.pass(500);
    expect([first, second].map((incident) => site.order({ kind: "reset", incident }).ok)).toEqual([true, true]);
  });
});

describe("a drill", () => {
  it("A-14: measures its own steps, not those of the drill before whose incident is still open", () => {
    const site = box([response("fence", [{ zones: ["beam"] }], sound("siren"))]);
    site.order({ kind: "start-drill", drill: "first", zones: ["beam"], forMs: hour });
    site.set("beam", true);
    site.pass(1000);
    site.set("beam", false);
    site.order({ kind: "end-drill" });
    site.pass(1000);
    site.order({ kind: "start-drill", drill: "second", zones: ["motion"], forMs: hour });
    site.order({ kind: "end-drill" });
    expect(site.of("drill.ended").map(({ sheet }) => sheet.length)).toEqual([1, 0]);
  });
});
