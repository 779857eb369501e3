// The commissioning report 调试报告: what was tested against what, what is open, who signed, and what was altered.
import { describe, expect, it } from "vitest";
import type { CheckRow } from "../../../edge/commissioning/drives.js";
import { checksOf } from "../../../edge/commissioning/interlocks.js";
import type { HandoverReply } from "../../../edge/commissioning/questions/handover.js";
import {
  contentHash,
  reportIn,
  type SignedReport,
  signReport,
  verifyReport,
} from "../../../edge/commissioning/report/bundle.js";
import { composeReport } from "../../../edge/commissioning/report/compose.js";
import { sheetOf } from "../../../edge/commissioning/report/sheet.js";
import type { TestResult } from "../../../edge/commissioning/tests-book.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { createRandom } from "../../../edge/machine/random.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("port").edges as [EdgeConfig];
const now: Stamp = { boot: "b", mono: 1, wall: Date.UTC(2026, 10, 27, 4), clock: "synchronised" };
const signer = signerOf(makeSigningKey(createRandom()));
const keys = keyRingOf(signer.publicKey);

function given(
  tests: readonly TestResult[] = [],
  durable: Partial<Durable> = {},
  part: Partial<HandoverReply> = {},
): HandoverReply {
  return {
    site: "port",
    version: "1.0.0",
    revision: 3,
    hash: "c".repeat(64),
    config,
    durable: { ...initialDurable(config), ...durable },
    book: { format: 1, inventory: [], travel: {}, walks: {}, walkTests: [], guidedTests: {}, tests },
    faults: { availability: 1, faults: [], workOrders: [] },
    trialAvailability: 0.999,
    now,
    ...part,
  };
}

const test = (kind: string, target: string, part: Partial<TestResult> = {}): TestResult => {
  return {
    kind,
    target,
    by: "li",
    at: "2026-11-26T01:00:00.000Z",
    result: "passed",
    measuredMs: null,
    limitMs: null,
    hits: null,
    note: "",
    ...part,
  };
};

const reportOf = (...args: Parameters<typeof given>) => composeReport(given(...args), [], "Asia/Shanghai");
const zoneOf = (tests: readonly TestResult[], id: string) =>
  reportOf(tests).content.zones.find((zone) => zone.id === id);
const barrierOf = (tests: readonly TestResult[], id: string) =>
  reportOf(tests).content.barriers.find((each) => each.id === id);

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

describe("signatures", () => {
  const present = contentHash(reportOf().content);
  const signature = (by: string, hash: string, order: number) =>
    ({
      [by]: { by, roles: ["technician"], capacity: "", hash, openPoints: 1, at: now, order },
    }) as Durable["signatures"];

  it("of two different people under the present content make it signed", () => {
    const one = reportOf([], { signatures: signature("li", present, 1) }).state;
    const two = reportOf([], {
      signatures: { ...signature("li", present, 1), ...signature("wang", present, 2) },
    }).state;
    expect([one.isSigned, two.isSigned]).toEqual([false, true]);
    expect(two.signatures.map(({ by, isValid }) => [by, isValid])).toEqual([
      ["li", true],
      ["wang", true],
    ]);
  });

  it.each<[string, readonly TestResult[], Partial<HandoverReply>]>([
    ["another result", [test("siren", "buzzer")], {}],
    ["another configuration", [], { revision: 4 }],
    ["another version of the program", [], { version: "1.0.1" }],
    [
      "another deviation",
      [],
      {
        config: {
          ...config,
          deviations: [{ response: "r", step: "s", target: "t", worstMs: 1, reason: "", signedBy: [] }],
        },
      },
    ],
  ])("are void after %s, and show so", (_word, tests, part) => {
    const signatures = { ...signature("li", present, 1), ...signature("wang", present, 2) };
    const { state } = reportOf(tests, { signatures }, part);
    expect(state.isSigned).toBe(false);
    expect(state.signatures.map(({ isValid }) => isValid)).toEqual([false, false]);
  });

  it("stay valid while only the state changes", () => {
    const signatures = signature("li", present, 1);
    const later = reportOf(
      [],
      { signatures, out: {} },
      { now: { ...now, wall: now.wall + 1e9 }, trialAvailability: 0.5 },
    );
    expect(later.state.signatures[0]?.isValid).toBe(true);
  });

  it("begin a trial run that the report counts down, and whose end says whether anything was found", () => {
    const trial = {
      report: present,
      by: ["li", "wang"],
      startedAt: now,
      until: { ...now, wall: now.wall + 30 * 86_400_000 },
      alarms: 3,
      falseAlarms: 1,
      faults: 0,
      missed: 0,
      downMsBefore: 0,
      ended: null,
    };
    const at = (days: number) => ({ now: { ...now, wall: now.wall + days * 86_400_000 } });
    expect(reportOf([], { trial }, at(10)).state.trial).toMatchObject({
      daysLeft: 20,
      alarms: 3,
      falseAlarms: 1,
      result: "running",
      isOfThis: true,
    });
    const ended = { at: now, availability: 1 };
    expect(reportOf([], { trial: { ...trial, ended } }, at(31)).state.trial).toMatchObject({
      daysLeft: 0,
      result: "clean",
    });
    expect(reportOf([], { trial: { ...trial, ended, missed: 1, report: "x" } }, at(31)).state.trial).toMatchObject({
      result: "with-findings",
      isOfThis: false,
    });
  });
});

/** As somebody with an editor sees it. */
interface Forged {
  content: { zones: Record<string, unknown>[]; checks: unknown[]; version: string };
  state: { openPoints: unknown[]; signatures: Record<string, unknown>[] };
  digests: Record<string, string>;
  hash: string;
  key: string;
  signature: string;
}

describe("the signed report", () => {
  const tests = [test("walk", "quay-beam", { hits: 10 }), test("siren", "buzzer")];
  const hash = contentHash(reportOf(tests).content);
  const signatures = {
    li: { by: "li", roles: ["technician"], capacity: "", hash, openPoints: 0, at: now, order: 1 },
  } as const;
  const signed = signReport(reportOf(tests, { signatures }), signer);
  const altered = (change: (report: Forged) => unknown): SignedReport => {
    const copy = structuredClone(signed);
    change(copy as unknown as Forged);
    return copy;
  };
  const placesOf = (report: SignedReport) =>
    verifyReport(report, keys).map(({ place, detail }) => `${place}: ${detail}`);

  it("is sound on any machine, also after it went through a file", () => {
    expect(placesOf(JSON.parse(JSON.stringify(signed)))).toEqual([]);
    expect(reportIn(JSON.parse(JSON.stringify(signed)))).not.toBeNull();
  });

  it.each<[string, (report: Forged) => unknown, string]>([
    [
      "a zone's count",
      (report) => Object.assign(report.content.zones[1] ?? {}, { hits: 99 }),
      "content/zones/quay-beam: changed",
    ],
    ["the version", (report) => (report.content.version = "2"), "content/version: changed"],
    [
      "a line that is gone",
      (report) => report.content.checks.splice(0, 1),
      "content/checks/siren/siren-strobe: removed",
    ],
    ["a line that came", (report) => report.content.zones.push({ id: "new" }), "content/zones/new: added"],
    [
      "an open point that is gone",
      (report) => report.state.openPoints.shift(),
      "state/openPoints/untested/quay-fibre: removed",
    ],
    ["all of them", (report) => (report.state.openPoints = []), "state/openPoints/untested/quay-fibre: removed"],
    [
      "who signed",
      (report) => Object.assign(report.state.signatures[0] ?? {}, { by: "wu" }),
      "state/signatures/wu: added",
    ],
    ["the order of lines", (report) => report.content.zones.reverse(), "content: its order"],
    [
      "a digest",
      (report) => (report.digests["content/version"] = "0"),
      "signature: not the key's over hash, digests and key",
    ],
    ["the hash", (report) => (report.hash = "0".repeat(64)), "signature: not the key's over hash, digests and key"],
    ["the signature", (report) => (report.signature = ""), "signature: not the key's over hash, digests and key"],
    ["no signature at all", (report) => (report.key = ""), "signature: the box had no key; it is not signed"],
  ])("names what was altered: %s", (_word, change, place) => expect(placesOf(altered(change))).toContain(place));

  it("names a signature that is said to be valid and is not, although all digests agree", () => {
    const report = reportOf([], { signatures });
    const lying = {
      ...report,
      state: { ...report.state, signatures: report.state.signatures.map((each) => ({ ...each, isValid: true })) },
    };
    expect(placesOf(signReport(lying, signer))).toEqual([
      "state/signatures/li: does not fit the content that it is said to stand under",
    ]);
  });

  it("is not another box's", () => {
    const other = keyRingOf(signerOf(makeSigningKey(createRandom())).publicKey);
    expect(verifyReport(signed, other)).toMatchObject([{ code: "report.altered", place: "key" }]);
  });

  it("is told apart from anything else", () => {
    for (const value of [
      null,
      [],
      "x",
      {},
      { ...signed, state: null },
      { ...signed, digests: [] },
      { ...signed, portcullis: "evidence/1" },
    ])
      expect(reportIn(value)).toBeNull();
  });
});

describe("the sheet", () => {
  const mark = '<script>alert("1")</script>';
  const hostile = [test("siren", "buzzer", { note: mark, by: mark })];
  const sheet = (language: "zh" | "en") => sheetOf(signReport(reportOf(hostile), signer), language, "box.report.json");

  it("says everything in the reader's language", () => {
    expect(sheet("zh")).toContain("调试验收报告");
    expect(sheet("zh")).toContain("尚无人签名");
    expect(sheet("en")).toContain("Commissioning report");
    expect(sheet("en")).toContain("Trial run (30 days)");
    expect(sheet("en").replace(/<[^>]*>/g, "")).not.toMatch(/调试|签名|未完成/);
  });

  it("asks no other host and runs nothing of what people wrote", () => {
    expect(sheet("en")).not.toContain(mark);
    expect(sheet("en")).toContain("&#60;script&#62;");
    expect(sheet("en")).not.toMatch(/https?:|<script|<link|<img|url\(/);
  });

  it("shows words that look like its own marks as the words that they are", () => {
    const note = '<b class="passed">passed</b><script>alert(1)</script>';
    const report = signReport(reportOf([test("siren", "buzzer", { note })]), signer);
    expect(sheetOf(report, "en", "box.report.json")).not.toMatch(/<script|<b class="passed">passed<\/b>&/);
  });
});
