import { describe, expect, it } from "vitest";
import type { Quality } from "../../../edge/model/point.js";
import type { BarrierConfig } from "../../../edge/model/site.js";
import type { Readings } from "../../../edge/model/state.js";
import { lookAt, pointsOfBarrier } from "../../../edge/response/sight.js";

const passage: BarrierConfig = {
  id: "p",
  name: { zh: "通道", en: "passage" },
  area: "buffer",
  kind: "passage-lock",
  entrance: "other",
  drive: { kind: "lock", lock: "lock" },
  closed: "bolted",
  interlocks: ["beam"],
  travelMs: 500,
  warnMs: 0,
  clearMs: 1_000,
  onFire: "open",
  afterStandDown: "open",
};

const heard = (bolted: boolean, quality: Quality = "good"): Readings => ({
  bolted: { sample: { point: "bolted", value: bolted, quality, occurredAt: 5 }, heardAt: 7 },
  beam: { sample: { point: "beam", value: false, quality: "good", occurredAt: 0 }, heardAt: 0 },
});

describe("a passage lock with one contact", () => {
  it.each([
    [true, "good", "closed", null],
    [false, "good", "open", null],
    [true, "stale", "unknown", "contact-unknown"],
    [true, "lost", "unknown", "contact-unknown"],
    [false, "tampered", "unknown", "contact-unknown"],
  ] as const)("that says bolted %s (%s) is %s", (bolted, quality, position, hold) => {
    expect(lookAt(passage, heard(bolted, quality), {})).toMatchObject({ position, hold });
  });

  it("is dated by the moment at which the box heard of it", () => {
    expect(lookAt(passage, heard(true), {}).positionAt).toBe(7);
    expect(lookAt(passage, heard(false), {}).positionAt).toBe(7);
    expect(lookAt(passage, heard(true, "lost"), {}).positionAt).toBeNull();
  });

  it("waits for its contact before anything else is said of it", () => {
    expect(lookAt(passage, {}, {})).toMatchObject({ position: "unknown", hold: "waiting-for-fresh-inputs" });
  });

  it("with a second contact is between while neither says so", () => {
    const both = { ...passage, open: "wide" };
    const wide = {
      wide: { sample: { point: "wide", value: false, quality: "good", occurredAt: 9 }, heardAt: 9 },
    } as const;
    expect(lookAt(both, { ...heard(false), ...wide }, {})).toMatchObject({ position: "between", positionAt: 9 });
    expect(pointsOfBarrier(both)).toEqual(["bolted", "beam", "wide"]);
    expect(pointsOfBarrier(passage)).toEqual(["bolted", "beam"]);
  });
});
