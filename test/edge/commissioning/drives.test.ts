// What the book says of runs: the worst of the last five, and which runs count.
import { describe, expect, it } from "vitest";
import {
  type CheckRow,
  emptyDrive,
  type RunRow,
  runsMax,
  summariesOf,
  withChecks,
  withRun,
} from "../../../edge/commissioning/drives.js";

const run = (ms: number | null, part: Partial<RunRow> = {}): RunRow => ({
  id: String(ms),
  kind: "run",
  direction: "close",
  mode: "normal",
  isFull: true,
  by: "tech",
  at: "2026-11-27T04:00:00.000Z",
  end: ms === null ? "failed" : "arrived",
  reason: null,
  ms,
  leftMs: 100,
  datasheetMs: 6_000,
  provedMs: 6_650,
  verdict: "passed",
  halt: null,
  ...part,
});
const book = (...runs: readonly RunRow[]) => runs.reduce(withRun, emptyDrive);
const five = [6_100, 6_300, 6_200, 6_150, 6_100];

describe("the summary of a drive's runs", () => {
  it("is the worst of the last five", () => {
    expect(summariesOf(book(run(9_000), ...five.map((ms) => run(ms))))).toEqual([
      {
        direction: "close",
        mode: "normal",
        runs: 5,
        worstMs: 6_300,
        datasheetMs: 6_000,
        provedMs: 6_650,
        verdict: "passed",
        isShort: false,
      },
    ]);
  });

  it.each([
    ["slow when one was slower than proved", [run(6_651)], { verdict: "slow", worstMs: 6_651, isShort: true }],
    ["not reached when one did not arrive", [run(6_000), run(null)], { verdict: "not-reached", worstMs: null }],
  ])("is %s", (_what, runs, expected) => {
    expect(summariesOf(book(...runs))).toMatchObject([expected]);
  });

  it.each([
    ["a hold", { kind: "hold" }],
    ["one that began on the way", { isFull: false }],
    ["one that an interlock ended", { end: "hindered", ms: null }],
    ["one that a person ended", { end: "stopped", ms: null }],
  ] as const)("leaves out %s", (_what, part) => {
    expect(summariesOf(book(run(6_000), run(7_000, part)))).toMatchObject([{ runs: 1, worstMs: 6_000 }]);
  });

  it("has a line for each direction and mode that was run", () => {
    const ways = summariesOf(book(run(1, { direction: "open" }), run(2, { mode: "emergency" }), run(3)));
    expect(ways.map(({ direction, mode }) => `${direction}/${mode}`)).toEqual([
      "close/normal",
      "close/emergency",
      "open/normal",
    ]);
  });
});

describe("the book of a drive", () => {
  it("keeps so many runs and no more", () => {
    const full = Array.from({ length: runsMax + 5 }, (_, index) => run(index)).reduce(withRun, emptyDrive);
    expect([full.runs.length, full.runs[0]?.ms]).toEqual([runsMax, 5]);
  });

  it("keeps the last word on each interlock", () => {
    const check = (state: CheckRow["state"], point = "loop"): CheckRow => {
      return { kind: "block", point, state, failure: null, ms: null, by: "tech", at: "" };
    };
    const known = withChecks(withChecks(emptyDrive, [check("failed"), check("passed", "beam")]), [check("passed")]);
    expect(known.checks.map(({ point, state }) => [point, state])).toEqual([
      ["beam", "passed"],
      ["loop", "passed"],
    ]);
  });
});
