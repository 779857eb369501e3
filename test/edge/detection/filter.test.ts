import { describe, expect, it } from "vitest";
import { type FilterState, initialFilter, offer, ripen, ripensAt } from "../../../edge/detection/filter.js";
import type { Condition } from "../../../edge/model/state.js";

const normal: Condition = { kind: "normal" };
const unknown: Condition = { kind: "unknown" };
const breach: Condition = { kind: "breach", cause: "beam-blocked" };
const calm: FilterState = { stable: normal, candidate: null };

describe("filter", () => {
  it("takes a change that has lasted, from its first sample on", () => {
    const seen = offer(calm, breach, 40, 100);
    expect(seen.changes).toEqual([]);
    expect(ripensAt(seen.state, 40)).toBe(140);
    expect(ripen(seen.state, 40, 139.9).change).toBeNull();
    expect(ripen(seen.state, 40, 140).change).toEqual({ from: normal, to: breach, since: 100 });
  });

  it("forgets a change that went back in time", () => {
    const back = offer(offer(calm, breach, 40, 100).state, normal, 40, 130);
    expect([back.changes, ripensAt(back.state, 40)]).toEqual([[], null]);
  });

  it("tells of both when the return arrives after the change had ripened unseen", () => {
    const back = offer(offer(calm, breach, 40, 100).state, unknown, 40, 150);
    expect(back.changes.map((change) => change.to.kind)).toEqual(["breach", "unknown"]);
  });

  it("does not start anew when the same is said again", () => {
    const again = offer(offer(calm, breach, 40, 100).state, breach, 40, 130);
    expect(ripensAt(again.state, 40)).toBe(140);
  });

  it("needs no time to lose sight, and begins without sight", () => {
    expect(offer(calm, unknown, 400, 5).changes).toEqual([{ from: normal, to: unknown, since: 5 }]);
    expect(initialFilter.stable).toEqual(unknown);
  });

  it.each([
    ["tamper", "loop-cut", 400],
    ["fault", "loop-out-of-range", 5000],
  ] as const)("takes a %s for true soon, however slow the zone is", (kind, cause, heldMs) => {
    const { state } = offer(calm, { kind, cause }, 600_000, 100);
    expect(ripensAt(state, 600_000)).toBe(100 + heldMs);
    expect(ripensAt(state, 40)).toBe(140);
  });

  it("ripens at the very moment for which it asked, whatever the fractions", () => {
    for (const since of [0.1, 0.7, 1_000_000.3, 123_456_789.123_456]) {
      const { state } = offer(calm, breach, 0.2, since);
      expect(ripen(state, 0.2, ripensAt(state, 0.2) ?? 0).change).not.toBeNull();
    }
  });
});
