// The commissioning report 调试报告: what was tested against what, and what is open.
import { describe, expect, it } from "vitest";
import type { CheckRow } from "../../../edge/commissioning/drives.js";
import { checksOf } from "../../../edge/commissioning/interlocks.js";
import { signReport } from "../../../edge/commissioning/report/bundle.js";
import { sheetOf } from "../../../edge/commissioning/report/sheet.js";
import type { TestResult } from "../../../edge/commissioning/tests-book.js";
import { barrierOf, config, given, reportOf, signer, test, zoneOf } from "./port-report.js";

describe("the result of a zone", () => {
  it.each<[string, readonly TestResult[], string]>([
    ["nobody walked", [], "open"],
    ["was triggered too few times", [test("walk", "quay-beam", { hits: 9 })], "open"],
    ["was triggered often enough", [test("guided", "quay-beam", { hits: 10 })], "passed"],
    ["failed", [test("walk", "quay-beam", { hits: 10, result: "failed" })], "failed"],
    ["was slower than its 5 s", [test("walk", "quay-beam", { hits: 10, measuredMs: 5_001 })], "failed"],
    [
      "failed and was walked anew",
      [test("walk", "quay-beam", { result: "failed" }), test("walk", "quay-beam", { hits: 12 })],
      "passed",
    ],
    [
      "was walked, and tried once more by a guided test",
      [test("walk", "quay-beam", { hits: 10 }), test("guided", "quay-beam")],
      "passed",
    ],
    [
      "was walked, and then failed a guided test",
      [test("walk", "quay-beam", { hits: 10 }), test("guided", "quay-beam", { result: "failed" })],
      "failed",
    ],
    ["was tried by a guided test alone", [test("guided", "quay-beam")], "open"],
    ["is not the one that was walked", [test("walk", "quay-fibre", { hits: 12 })], "open"],
  ])("A-31: that %s", (_word, tests, result) => expect(zoneOf(tests, "quay-beam")?.result).toBe(result));

  it("A-31: stands beside its deadline and what the timing proof says", () => {
    const zone = zoneOf([test("walk", "quay-beam", { hits: 10, measuredMs: 130 })], "quay-beam");
    expect(zone).toMatchObject({ hits: 10, measuredMs: 130, limitMs: 5_000, by: "li" });
    expect(zone?.provedMs).toBeGreaterThan(0);
    expect(zone?.provedMs).toBeLessThanOrEqual(5_000);
  });
});

describe("a guided test of a part of a zone", () => {
  const tests = [
    test("guided", "quay-fibre/quiet", { note: "34 %" }),
    test("guided", "quay-fibre/knock", { result: "failed", note: "counted-twice/dead-time" }),
  ];

  it("A-20: is a check of its own, and says nothing of the zone as a whole", () => {
    const { checks, zones } = reportOf(tests).content;
    expect(checks.filter(({ kind }) => kind === "guided")).toMatchObject([
      {
        id: "guided/quay-fibre/quiet",
        result: "passed",
        note: "34 %",
        name: { en: expect.stringMatching(/· quiet level$/) },
      },
      { id: "guided/quay-fibre/knock", result: "failed", name: { zh: expect.stringMatching(/· 单次敲击$/) } },
    ]);
    expect(zones.find(({ id }) => id === "quay-fibre")?.result).toBe("open");
  });

  it("A-20: says on the sheet what was found instead, in the reader's words", () => {
    const sheet = (language: "zh" | "en") => sheetOf(signReport(reportOf(tests), signer), language, "box.report.json");
    expect(sheet("en")).toContain("One knock counted twice");
    expect(sheet("en")).toContain("(Within the mask time)");
    expect(sheet("zh")).toContain("一次敲击计了两次");
    expect(sheet("zh")).toContain("34 %");
  });
});

describe("the result of a barrier", () => {
  const runs = (times: readonly number[], part: Partial<TestResult> = {}) =>
    times.map((measuredMs) => test("run", "blocker-1", { measuredMs, ...part }));

  it("A-33: is the worst of its last five runs", () => {
    const found = barrierOf(runs([9_000, 4_100, 4_400, 4_200, 4_300, 4_250]), "blocker-1");
    expect(found).toMatchObject({ runs: 5, measuredMs: 4_400, limitMs: 30_000, result: "passed" });
    expect(found?.provedMs).toBeLessThanOrEqual(30_000);
  });

  it.each<[string, readonly TestResult[], string]>([
    ["has run too seldom", runs([4_000, 4_000, 4_000, 4_000]), "open"],
    ["took longer once than its term of the proof", runs([4_000, 4_000, 7_001, 4_000, 4_000]), "failed"],
    ["failed once", [...runs([4_000, 4_000, 4_000, 4_000]), ...runs([4_000], { result: "failed" })], "failed"],
    [
      "was measured against a limit of its own",
      runs([4_000, 4_000, 4_000, 4_000, 4_000], { limitMs: 3_999 }),
      "failed",
    ],
  ])("A-33: that %s", (_word, tests, result) => expect(barrierOf(tests, "blocker-1")?.result).toBe(result));

  it("has a line of its own for its fast run", () => {
    const fast = [1, 2, 3, 4, 5].map(() => test("run", "blocker-1/emergency", { measuredMs: 1_500 }));
    expect(barrierOf(fast, "blocker-1/emergency")).toMatchObject({ result: "passed", termMs: 1_800 });
    expect(barrierOf(fast, "blocker-1")?.result).toBe("open");
  });
});

describe("the checks", () => {
  const checks = (tests: readonly TestResult[] = []) =>
    Object.fromEntries(reportOf(tests).content.checks.map(({ id, result }) => [id, result]));

  it("count the interlocks of a barrier as proved only when every one was tripped, and name those that were not", () => {
    const barrier = config.barriers.find(({ id }) => id === "blocker-1");
    if (barrier === undefined) throw new Error("the port has no blocker-1");
    const all = checksOf(barrier).map((row): CheckRow => {
      return { ...row, state: "passed", failure: null, ms: 100, by: "li", at: "2026-11-26T01:00:00.000Z" };
    });
    const checkOf = (checks: readonly CheckRow[]) => {
      const { book } = given();
      const report = reportOf([], {}, { book: { ...book, drives: { "blocker-1": { runs: [], checks } } } });
      return report.content.checks.find(({ id }) => id === "interlock/blocker-1");
    };
    expect(checkOf(all)).toMatchObject({ result: "passed", note: "" });
    const { kind, point } = all[1] as CheckRow;
    expect(checkOf(all.filter((_, index) => index !== 1))).toMatchObject({
      result: "open",
      note: `${kind} ${point}: -`,
    });
  });

  it("name every siren, every interlock, and how each barrier is to fail, whether or not anybody has tried", () => {
    expect(checks()).toMatchObject({
      "siren/siren-strobe": "open",
      "interlock/blocker-1": "open",
      "fail-closed/blocker-1": "open",
      "fail-open/outer-door": "open",
    });
  });

  it("take what was tried last, and keep a kind that they do not know", () => {
    const tests = [
      test("siren", "buzzer", { result: "failed" }),
      test("siren", "buzzer"),
      test("panel", "box", { measuredMs: 3, limitMs: 2 }),
    ];
    expect(checks(tests)).toMatchObject({ "siren/buzzer": "passed", "panel/box": "failed" });
  });
});

describe("open points", () => {
  it("are what was not tested or failed, open work orders, faults, overdue duties, zones that are out and due maintenance", () => {
    const order = {
      number: "W1",
      device: "zone:quay-beam",
      cause: "signal-lost",
      state: "open",
      by: "",
      note: "",
      isOverdue: false,
      ageMs: 0,
    } as const;
    const times = { openedAt: "2026-11-26T00:00:00.000Z", changedAt: "2026-11-26T00:00:00.000Z" };
    const faults = [
      { device: "zone:quay-beam", cause: "signal-lost", since: times.openedAt, ageMs: 0 },
      { device: "driver:field", cause: "driver-lost", since: times.openedAt, ageMs: 0 },
    ];
    const duty = { id: "round", name: { zh: "巡", en: "Round" }, kind: "inspection", everyMs: 1, graceMs: 0 } as const;
    const out = { "quay-fibre": { how: "isolated", by: ["li"], reason: "", until: null, guard: null } } as const;
    const tests = [test("walk", "quay-beam", { hits: 12 }), test("walk", "quay-fibre", { result: "failed" })];
    const report = reportOf(
      tests,
      { out, dutiesMissed: { round: true } },
      {
        config: { ...config, duties: [duty] },
        faults: { availability: 1, faults, workOrders: [{ ...order, ...times }] },
      },
    );
    const found = report.state.openPoints.map(({ what, subject }) => `${what} ${subject}`);
    expect(found).not.toContain("untested quay-beam");
    expect(found).toEqual(
      expect.arrayContaining(["test-failed quay-fibre", "untested buffer-beam", "untested siren/buzzer"]),
    );
    expect(found.filter((each) => !/^(untested|test-failed) /.test(each))).toEqual([
      "work-order zone:quay-beam",
      "fault driver:field",
      "duty-overdue round",
      "zone-out quay-fibre",
    ]);
  });
});

it("A-31: what was slower than the timing proof says is an open point, although it was in time", () => {
  const walk = (measuredMs: number) => reportOf([test("walk", "quay-beam", { hits: 10, measuredMs })]).state.openPoints;
  expect(walk(4_000)).toContainEqual(expect.objectContaining({ what: "slower-than-proved", subject: "quay-beam" }));
  expect(walk(100).filter(({ what }) => what === "slower-than-proved")).toEqual([]);
});
