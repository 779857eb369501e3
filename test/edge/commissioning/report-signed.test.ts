// The commissioning report 调试报告 once people sign it: whose signature counts, what was altered, and the sheet that is printed.
import { describe, expect, it } from "vitest";
import type { HandoverReply } from "../../../edge/commissioning/questions/handover.js";
import {
  contentHash,
  reportIn,
  type SignedReport,
  signReport,
  verifyReport,
} from "../../../edge/commissioning/report/bundle.js";
import { sheetOf } from "../../../edge/commissioning/report/sheet.js";
import type { TestResult } from "../../../edge/commissioning/tests-book.js";
import { createRandom } from "../../../edge/machine/random.js";
import type { Durable } from "../../../edge/model/durable.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { config, keys, now, reportOf, signer, test } from "./port-report.js";

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
