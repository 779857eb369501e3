// Dangerous meetings of two things at once, each of which is harmless alone, on small boxes fed by hand.
import { describe, expect, it } from "vitest";
import type { PointValue } from "../../../edge/model/point.js";
import { HandFed } from "../../support/hand-fed.js";
import { area, config, zone } from "../incident/stage.js";

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
