import { describe, expect, it } from "vitest";
import type { Reason } from "../../../edge/model/incident.js";
import type { BarrierConfig } from "../../../edge/model/site.js";
import type { Readings } from "../../../edge/model/state.js";
import {
  type BarrierWork,
  type Demand,
  demandRefused,
  dueAt,
  initialBarrierWork,
  moveBarrier,
  type Order,
  type Phase,
} from "../../../edge/response/barrier.js";
import { lookAt, type Sight } from "../../../edge/response/sight.js";

const barrier: BarrierConfig = {
  id: "b",
  name: { zh: "柱", en: "b" },
  area: "gate",
  kind: "rising-bollard",
  entrance: "main",
  drive: { kind: "demand", point: "demand", close: "close", open: "open", stop: "stop", emergency: "fast" },
  closed: "closed",
  open: "open",
  fault: "fault",
  lockOut: "lock-out",
  interlocks: ["loop"],
  travelMs: 6_000,
  emergencyTravelMs: 2_000,
  warnMs: 3_000,
  emergencyWarnMs: 500,
  clearMs: 2_000,
  onFire: "hold",
  afterStandDown: "open",
};

const close: Order = { goal: "closed", emergency: false, staggerMs: 300, deadline: 30_000 };
const open: Sight = { position: "open", positionAt: 0, hold: null, blocked: null, isFaulty: false };
const at = (phase: Phase, part: Partial<BarrierWork> = {}): BarrierWork => ({
  ...initialBarrierWork,
  goal: "closed",
  phase,
  ...part,
});

interface Row {
  readonly when: string;
  readonly work: BarrierWork;
  readonly order?: Partial<Order>;
  readonly sight?: Partial<Sight>;
  readonly now: number;
  readonly phase: Phase;
  readonly demand?: Demand;
  readonly reason?: Reason | null;
}

const between = { position: "between" } as const;
const car = { blocked: "vehicle-on-loop" } as const;

const rows: readonly Row[] = [
  { when: "ordered", work: initialBarrierWork, now: 0, phase: "staggered" },
  { when: "its turn has not come", work: at("staggered"), now: 299, phase: "staggered" },
  { when: "its turn comes", work: at("staggered"), now: 300, phase: "warning" },
  { when: "warned too briefly", work: at("warning"), now: 2_999, phase: "warning" },
  { when: "warned long enough", work: at("warning"), now: 3_000, phase: "starting", demand: "close" },
  {
    when: "warned long enough for an emergency",
    work: at("warning"),
    order: { emergency: true },
    now: 500,
    phase: "starting",
    demand: "emergency",
  },
  { when: "a car comes while it warns", work: at("warning"), sight: car, now: 3_000, phase: "blocked" },
  {
    when: "a car comes while it moves",
    work: at("moving"),
    sight: { ...between, ...car },
    now: 3_000,
    phase: "blocked",
    demand: "stop",
    reason: "vehicle-on-loop",
  },
  {
    when: "a key is turned while it starts",
    work: at("starting"),
    sight: { hold: "locked-out" },
    now: 100,
    phase: "blocked",
    demand: "stop",
    reason: "locked-out",
  },
  { when: "the car has left", work: at("blocked", { reason: "vehicle-on-loop" }), now: 50, phase: "clearing" },
  { when: "the power is back", work: at("blocked", { reason: "power-lost" }), now: 50, phase: "clearing" },
  {
    when: "the power is back and it is to open",
    work: at("blocked", { reason: "power-lost", goal: "open" }),
    order: { goal: "open" },
    sight: { position: "closed" },
    now: 50,
    phase: "staggered",
  },
  { when: "the way was free too briefly", work: at("clearing"), now: 1_999, phase: "clearing" },
  { when: "the way was free long enough", work: at("clearing"), now: 2_000, phase: "staggered" },
  { when: "a car comes back", work: at("clearing"), sight: car, now: 1_000, phase: "blocked" },
  { when: "it has not left its contact", work: at("starting"), now: 2_000, phase: "moving", reason: "jammed" },
  { when: "it is on its way", work: at("starting"), sight: between, now: 2_000, phase: "moving", reason: null },
  { when: "it takes too long and a retry fits", work: at("moving"), now: 10_000, phase: "starting", demand: "close" },
  {
    when: "it takes too long and no retry fits",
    work: at("moving"),
    order: { deadline: 15_999 },
    now: 10_000,
    phase: "failed",
    demand: "stop",
    reason: "jammed",
  },
  {
    when: "it fails again",
    work: at("moving", { retried: true }),
    now: 10_000,
    phase: "failed",
    demand: "stop",
    reason: "jammed",
  },
  {
    when: "its drive reports a fault on the way",
    work: at("moving", { retried: true }),
    sight: { ...between, isFaulty: true },
    now: 4_000,
    phase: "failed",
    demand: "stop",
    reason: "drive-fault",
  },
  {
    when: "its drive still reports the last fault",
    work: at("warning", { retried: true }),
    sight: { isFaulty: true },
    now: 3_000,
    phase: "starting",
    demand: "close",
  },
  {
    when: "it failed a minute ago and the drive keeps its report",
    work: at("failed", { retried: true }),
    sight: { isFaulty: true },
    now: 60_000,
    phase: "staggered",
  },
  {
    when: "an emergency comes in the middle of a normal run",
    work: at("moving"),
    order: { emergency: true },
    sight: between,
    now: 1_000,
    phase: "starting",
    demand: "emergency",
  },
  {
    when: "an emergency run goes on",
    work: at("moving", { isFast: true }),
    order: { emergency: true },
    sight: between,
    now: 1_000,
    phase: "moving",
  },
  { when: "it arrives", work: at("moving"), sight: { position: "closed" }, now: 6_000, phase: "idle" },
  {
    when: "it is stood down while it moves",
    work: at("moving"),
    order: { goal: null },
    sight: between,
    now: 1_000,
    phase: "staggered",
    demand: "stop",
  },
  {
    when: "fire wants it open while it closes",
    work: at("moving"),
    order: { goal: "open" },
    sight: between,
    now: 1_000,
    phase: "staggered",
    demand: "stop",
  },
];

describe("a barrier's drive", () => {
  it.each(rows)("$when: from $work.phase to $phase", ({ work, order, sight, now, phase, demand, reason }) => {
    const move = moveBarrier(barrier, work, { ...close, ...order }, { sight: { ...open, ...sight }, now });
    expect([move.work.phase, move.demand]).toEqual([phase, demand ?? null]);
    if (reason !== undefined) expect(move.work.reason).toBe(reason);
  });

  it("never runs, from no phase, against what holds or blocks it, even when its drive reports a fault", () => {
    const phases: Phase[] = ["idle", "blocked", "clearing", "staggered", "warning", "starting", "moving", "failed"];
    for (const phase of phases) {
      for (const against of [{ hold: "locked-out" }, { hold: "interlock-not-good" }, car] as Partial<Sight>[]) {
        for (const retried of [false, true]) {
          const sight = { ...open, ...against, isFaulty: true };
          const move = moveBarrier(barrier, at(phase, { retried }), close, { sight, now: 100_000 });
          expect([null, "stop"]).toContain(move.demand);
          expect(move.work.phase).toBe("blocked");
        }
      }
    }
  });

  it("is due at the moment at which its phase ends, in every phase that ends by itself", () => {
    const phases: Phase[] = ["clearing", "staggered", "warning", "starting", "moving", "failed"];
    for (const phase of phases) {
      const work = at(phase, { since: 0.1, retried: true });
      const now = dueAt(barrier, work, close);
      expect(moveBarrier(barrier, work, close, { sight: { ...open, ...between }, now }).work.phase).not.toBe(phase);
    }
  });

  it("is told once more to run when the drive did not confirm, and not when it is at rest or was stopped", () => {
    const again = demandRefused(barrier, at("starting"), close, 1_000);
    expect([again.phase, dueAt(barrier, again, close)]).toEqual(["warning", 1_500]);
    for (const phase of ["idle", "blocked", "failed", "staggered"] as const)
      expect(demandRefused(barrier, at(phase), close, 1_000).phase).toBe(phase);
  });
});

describe("what is seen of a barrier", () => {
  const heard = (values: Record<string, unknown>): Readings =>
    Object.fromEntries(
      Object.entries<unknown>({ closed: false, open: true, fault: false, "lock-out": false, loop: false, ...values })
        .filter(([, value]) => value !== "unheard")
        .map(([point, value]) => [
          point,
          value === "lost" || value === "stale"
            ? { sample: { point, value: true, quality: value, occurredAt: 0 }, heardAt: 0 }
            : { sample: { point, value: value as boolean, quality: "good", occurredAt: 0 }, heardAt: 0 },
        ]),
    );

  it.each([
    [{}, "open", null, null],
    [{ closed: true, open: false }, "closed", null, null],
    [{ open: false }, "between", null, null],
    [{ closed: true }, "unknown", "contact-unknown", null],
    [{ closed: "stale", open: false }, "unknown", "contact-unknown", null],
    [{ open: "unheard" }, "unknown", "waiting-for-fresh-inputs", null],
    [{ loop: true }, "open", null, "vehicle-on-loop"],
    [{ loop: "lost" }, "open", null, "interlock-not-good"],
    [{ loop: 0 }, "open", null, "interlock-not-good"],
    [{ "lock-out": true }, "open", "locked-out", null],
    [{ "lock-out": "lost" }, "open", "interlock-not-good", null],
    [{ "lock-out": "lost", fault: true }, "open", "interlock-not-good", null],
    [{ "lock-out": "unheard", fault: true }, "open", "waiting-for-fresh-inputs", null],
    [{ loop: true, fault: true }, "open", null, "vehicle-on-loop"],
  ] as const)("%j is %s, held by %s, blocked by %s", (values, position, hold, blocked) => {
    expect(lookAt(barrier, heard(values), {})).toMatchObject({ position, hold, blocked });
  });
});
