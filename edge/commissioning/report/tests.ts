// All that the commissioning book knows of tests as rows of one shape: what the box measured, and what was entered by hand. Pure.
import type { Book } from "../book.js";
import { type DriveBook, isMeasurement } from "../drives.js";
import type { GuidedTestBook, WalkTestBook } from "../results.js";
import type { TestResult } from "../tests-book.js";

/** Oldest first. */
export function testsOf({
  tests,
  walkTests,
  guidedTests,
  drives,
}: Omit<Book, "inventory" | "travel">): readonly TestResult[] {
  return [
    ...tests,
    ...walkTests.flatMap(walkRows),
    ...Object.entries(guidedTests).map(guidedRow),
    ...Object.entries(drives ?? {}).flatMap(driveRows),
  ].sort((one, other) => one.at.localeCompare(other.at));
}

function walkRows({ at, person, endedBy, zones }: WalkTestBook): readonly TestResult[] {
  return Object.entries(zones).map(([target, { hits, worstMs, worstHeardMs, result }]) => ({
    kind: "walk",
    target,
    by: person,
    at,
    result: resultOf(result),
    measuredMs: worstHeardMs ?? worstMs,
    limitMs: null,
    hits,
    note: endedBy === person ? "" : endedBy,
  }));
}

function guidedRow([target, found]: readonly [string, GuidedTestBook]): TestResult {
  const { at, person, test, outcome, reason, ms, share } = found;
  const kind = test === "annunciator" ? "siren" : "guided";
  const note = reason ?? (share === undefined ? "" : `${Math.round(share * 100)} %`);
  return { ...unlimited, kind, target, by: person, at, result: resultOf(outcome), measuredMs: ms, note };
}

/** Only full runs to the closed end are measurements against a deadline. */
function driveRows([barrier, { runs, checks }]: readonly [string, DriveBook]): readonly TestResult[] {
  const closings = runs.filter((run) => run.kind === "run" && run.direction === "close" && isMeasurement(run));
  const rows = closings.map(({ mode, by, at, verdict, ms, provedMs, reason }) => {
    const target = mode === "emergency" ? `${barrier}/emergency` : barrier;
    const note = reason ?? "";
    return {
      kind: "run",
      target,
      by,
      at,
      result: resultOf(verdict),
      measuredMs: ms,
      limitMs: provedMs,
      hits: null,
      note,
    };
  });
  return checks.length === 0 ? rows : [...rows, interlockRow(barrier, checks)];
}

/** A barrier's interlocks hold when each of them does. */
function interlockRow(target: string, checks: DriveBook["checks"]): TestResult {
  const last = checks.reduce((newest, check) => (check.at > newest.at ? check : newest));
  const failed = checks.filter(({ state }) => state !== "passed");
  const times = checks.flatMap(({ ms }) => ms ?? []);
  return {
    ...unlimited,
    kind: "interlock",
    target,
    by: last.by,
    at: last.at,
    result: failed.length === 0 ? "passed" : "failed",
    measuredMs: times.length === 0 ? null : Math.max(...times),
    note: failed.map(({ point, failure }) => `${point}: ${failure ?? "-"}`).join(", "),
  };
}

const unlimited = { limitMs: null, hits: null } as const;

function resultOf(word: string): TestResult["result"] {
  return word === "passed" ? "passed" : "failed";
}
