// Dangerous meetings of two things at once, each of which is harmless alone, on small boxes fed by hand.
import { describe, expect, it } from "vitest";
import type { PointValue } from "../../../edge/model/point.js";
import { HandFed } from "../../support/hand-fed.js";
import { area, config, zone } from "../incident/stage.js";
import { beam, box, fire, motion, panic, response, sound } from "../response/yard.js";

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
