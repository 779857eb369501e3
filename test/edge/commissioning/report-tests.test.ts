// What the report counts as tried: measured walks, guided tests, runs and interlocks beside what was entered by hand.
import { expect, test } from "vitest";
import type { Book } from "../../../edge/commissioning/book.js";
import type { RunRow } from "../../../edge/commissioning/drives.js";
import { testsOf } from "../../../edge/commissioning/report/tests.js";

const empty: Book = { format: 1, inventory: [], travel: {}, walks: {}, walkTests: [], guidedTests: {}, tests: [] };
const at = (minute: number) => `2026-11-27T08:${String(minute).padStart(2, "0")}:00.000Z`;
const run: RunRow = {
  id: "r1",
  kind: "run",
  direction: "close",
  mode: "emergency",
  isFull: true,
  by: "li",
  at: at(3),
  end: "arrived",
  reason: null,
  ms: 2_058,
  leftMs: 400,
  datasheetMs: 2_000,
  provedMs: 2_650,
  verdict: "passed",
  halt: null,
};
const check = { kind: "halt", failure: null, ms: 150, by: "li", at: at(5) } as const;

test("A-20: is told of walks, guided tests, runs and interlocks in the order in which they were made", () => {
  const book: Book = {
    ...empty,
    walkTests: [
      {
        at: at(1),
        person: "li",
        endedBy: "li",
        zones: { "beam-east": { hits: 10, worstMs: 94, worstHeardMs: 118, result: "passed" } },
      },
    ],
    guidedTests: {
      "panic-desk": { at: at(2), person: "li", test: "panic", outcome: "passed", reason: null, ms: 60 },
      "siren-strobe": {
        at: at(4),
        person: "li",
        test: "annunciator",
        outcome: "failed",
        reason: "not-heard",
        ms: null,
      },
    },
    drives: {
      "bollard-1": {
        runs: [run, { ...run, id: "r2", isFull: false }, { ...run, id: "r3", direction: "open" }],
        checks: [
          { ...check, point: "loop", state: "passed" },
          { ...check, point: "edge", state: "failed", failure: "not-refused", at: at(6) },
        ],
      },
    },
    tests: [
      {
        kind: "fail-closed",
        target: "bollard-1",
        by: "wang",
        at: at(7),
        result: "passed",
        measuredMs: null,
        limitMs: null,
        hits: null,
        note: "",
      },
    ],
  };
  const told = testsOf(book).map(({ kind, target, result, measuredMs, hits, note }) => [
    kind,
    target,
    result,
    measuredMs,
    hits,
    note,
  ]);
  expect(told).toEqual([
    ["walk", "beam-east", "passed", 118, 10, ""],
    ["guided", "panic-desk", "passed", 60, null, ""],
    ["run", "bollard-1/emergency", "passed", 2_058, null, ""],
    ["siren", "siren-strobe", "failed", null, null, "not-heard"],
    ["interlock", "bollard-1", "failed", 150, null, "edge: not-refused"],
    ["fail-closed", "bollard-1", "passed", null, null, ""],
  ]);
});
