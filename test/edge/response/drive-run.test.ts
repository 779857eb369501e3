// Runs of a drive, by rows: what ends one, what a sign proves, what comes out of it.
import { describe, expect, it } from "vitest";
import { holdMsMax } from "../../../edge/model/drive-run.js";
import type { BarrierConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import {
  beginDriveRun,
  type DriveRun,
  type DriveRunView,
  driveRunResult,
  followDriveRun,
  signDriveRun,
} from "../../../edge/response/drive-run.js";
import type { Sight } from "../../../edge/response/sight.js";

const now: Stamp = { boot: "b", mono: 1_000, wall: 1_000, clock: "synchronised" };
const barrier: BarrierConfig = {
  id: "b",
  name: { zh: "柱", en: "b" },
  area: "gate",
  kind: "rising-bollard",
  entrance: "main",
  drive: { kind: "demand", point: "demand", close: "close", open: "open", stop: "stop" },
  closed: "closed",
  open: "open",
  interlocks: ["loop"],
  travelMs: 6_000,
  emergencyTravelMs: 2_000,
  warnMs: 3_000,
  clearMs: 2_000,
  onFire: "hold",
  afterStandDown: "open",
};
const open: Sight = { position: "open", positionAt: 0, hold: null, blocked: null, isFaulty: false };
const begin = (part: Partial<DriveRun> = {}): DriveRun => ({
  ...beginDriveRun({ id: "t", kind: "run", direction: "close", mode: "normal", by: "tech" }, barrier, "open", now),
  ...part,
});
const view = (part: Partial<DriveRunView> = {}): DriveRunView => ({
  sight: open,
  isRunning: false,
  failed: null,
  reason: null,
  isOverruled: false,
  now: 2_000,
  ...part,
});
const runs = { demandedAt: 4_000 };

describe("a driveRun", () => {
  it.each<[string, Partial<DriveRun>, Partial<DriveRunView>, object]>([
    ["waits while it warns", {}, {}, { driveRun: { demandedAt: null } }],
    ["is demanded when the drive is told to run", {}, { isRunning: true }, { driveRun: { demandedAt: 2_000 } }],
    [
      "notes when the contact is left, once",
      runs,
      { isRunning: true, sight: { ...open, position: "between", positionAt: 4_200 }, now: 4_250 },
      { driveRun: { leftAt: 4_200 } },
    ],
    [
      "takes no contact that was heard before the demand for one that was left",
      runs,
      { isRunning: true, sight: { ...open, position: "between", positionAt: 3_900 }, now: 4_250 },
      { driveRun: { leftAt: null } },
    ],
    [
      "counts from a new demand when the first was not confirmed",
      runs,
      { isRunning: false },
      { driveRun: { demandedAt: null } },
    ],
    ["arrives by its contact", runs, { isRunning: true, sight: { ...open, position: "closed" } }, { end: "arrived" }],
    ["does not arrive before it is demanded", {}, { sight: { ...open, position: "closed" } }, { driveRun: {} }],
    [
      "is hindered by a loop",
      runs,
      { sight: { ...open, blocked: "vehicle-on-loop" } },
      { end: "hindered", reason: "vehicle-on-loop" },
    ],
    [
      "is hindered by a lock-out",
      runs,
      { sight: { ...open, hold: "locked-out" } },
      { end: "hindered", reason: "locked-out" },
    ],
    [
      "to open goes on over a loop, as any opening",
      { direction: "open" },
      { sight: { ...open, position: "closed", blocked: "vehicle-on-loop" } },
      { driveRun: {} },
    ],
    ["fails with its run", runs, { failed: "jammed" }, { end: "failed", reason: "jammed" }],
    ["gives way", runs, { isOverruled: true, sight: { ...open, position: "closed" } }, { end: "overruled" }],
    [
      "is over by time",
      {},
      { now: 1e6, reason: "output-not-confirmed" },
      { end: "too-long", reason: "output-not-confirmed" },
    ],
    ["of a hold is silent by time", { kind: "hold", until: 1_700 }, { now: 1_700 }, { end: "silent", reason: null }],
    ["of a hold goes on until then", { kind: "hold", until: 1_700 }, { now: 1_699 }, { driveRun: {} }],
  ])("%s", (_what, driveRun, seen, expected) => {
    expect(followDriveRun(begin(driveRun), view(seen))).toMatchObject(expected);
  });
});

describe("a sign of a hold", () => {
  const held = () => ({
    ...beginDriveRun({ id: "t", kind: "hold", direction: "close", mode: "normal", by: "tech" }, barrier, "open", now),
  });

  it("lets it last for its limit from when the key was given out, whenever it comes", () => {
    const signed = signDriveRun(held(), 1, 1_300);
    expect(signed).toMatchObject({ until: 1_000 + holdMsMax, key: 2, keyAt: 1_300 });
    expect(signDriveRun(signed, 2, 1_500)).toMatchObject({ until: 1_300 + holdMsMax, key: 3 });
  });

  it.each([
    ["a key that was used", 1, 1_400],
    ["a key that was not given out", 9, 1_400],
    ["a moment at which it is over", 2, 2_000],
  ])("does nothing with %s", (_what, key, at) => {
    const signed = signDriveRun(held(), 1, 1_300);
    expect(signDriveRun(signed, key, at)).toBe(signed);
  });

  it("is within the 700 ms that a drive may go on for", () => {
    expect(holdMsMax).toBeLessThanOrEqual(700);
    expect(held().until - now.mono).toBe(holdMsMax);
  });
});

describe("what comes out of a driveRun", () => {
  const wiring = { output: undefined, contact: undefined };
  const ended = { end: "arrived", reason: null, halt: null, now: 20_000 } as const;
  it.each([
    [10_000, { ms: 6_000, verdict: "passed" }],
    [10_001, { ms: 6_001, verdict: "slow" }],
  ])("confirmed at %i is %j", (confirmedAt, expected) => {
    expect(driveRunResult(begin(runs), barrier, { ...ended, confirmedAt }, wiring)).toMatchObject(expected);
  });

  it("is no time where it did not arrive, and for a hold the time for which the drive was to run", () => {
    const hindered = { end: "hindered", reason: "vehicle-on-loop", halt: null, now: 5_000, confirmedAt: null } as const;
    expect(driveRunResult(begin(runs), barrier, hindered, wiring)).toMatchObject({ ms: null, verdict: "not-reached" });
    const hold = begin({ ...runs, kind: "hold" });
    expect(driveRunResult(hold, barrier, { ...hindered, end: "released", reason: null }, wiring)).toMatchObject({
      ms: 1_000,
      verdict: "not-reached",
    });
  });
});
