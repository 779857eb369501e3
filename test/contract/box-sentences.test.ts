// What the command line says of the box's answers, in both languages.
import { describe, expect, it } from "vitest";
import type { SealReply, WhyReply } from "../../edge/commissioning/questions.js";
import { PortcullisError } from "../../edge/model/error.js";
import { languageOf } from "../../scripts/box.js";
import { sealText } from "../../scripts/commands/seal.js";
import { momentOf, whyText } from "../../scripts/commands/why.js";

const name = { zh: "东侧光束", en: "East beam" };
const moment = (time: string) => ({ time, mono: 0 });
const told: WhyReply = {
  zone: "beam",
  name,
  from: moment("2026-11-22T08:05:00.200Z"),
  to: moment("2026-11-22T08:05:59.900Z"),
  verdicts: { "below-threshold": 12, "too-few-events": 2 },
  nearest: "too-few-events",
  strongest: { seen: 2.71849, limit: 4, least: 1 },
  detail: [],
  before: null,
};

describe("why no alarm", () => {
  it("says which rule held the signals back, how strong they were and how often each rule applied", () => {
    expect(
      whyText(told, "en")
        .replace(/\d\d:/, "HH:")
        .replace(/-\d\d:/, "-HH:"),
    ).toBe(
      [
        "East beam HH:05:00-HH:06:00: no alarm, because: Too few events in the window.",
        "  strongest 2.718, limit 4",
        "  12 x Below the threshold",
        "  2 x Too few events in the window",
      ].join("\n"),
    );
    expect(whyText(told, "zh")).toContain("未报警，原因：窗口内事件次数不足。\n  最强信号 2.718，界限 4");
  });

  it("says what held before when nothing changed in the minute", () => {
    const before = {
      at: moment("2026-11-22T07:59:30.000Z"),
      verdict: "nothing-seen",
      seen: false,
      limit: null,
    } as const;
    const quiet: WhyReply = { ...told, nearest: null, verdicts: {}, strongest: null, before };
    expect(whyText(quiet, "en")).toMatch(/: no change; since \d\d:59:30: Nothing seen\.$/);
    expect(whyText(quiet, "zh")).toMatch(/：信号无变化；自 \d\d:59:30 起：未见活动。$/);
  });

  it.each([
    ["en", "nothing is recorded"],
    ["zh", "没有记录"],
  ] as const)("says in %s when nothing was looked at", (language, words) => {
    expect(whyText({ ...told, nearest: null, verdicts: {}, strongest: null }, language)).toContain(words);
  });

  it("does not say that there was no alarm when there was one", () => {
    expect(whyText({ ...told, nearest: "alarm" }, "en")).toMatch(/: Alarm raised\.$/m);
  });
});

describe("seal now", () => {
  const barrier = { barrier: "b3", name: { zh: "3号升降柱", en: "Bollard 3" }, ms: 14_000, obstacles: [] };
  const reply = (ok: boolean, obstacles: SealReply["groups"][0]["barriers"][0]["obstacles"]): SealReply => ({
    ok,
    groups: [
      { group: "g", name: { zh: "全部", en: "All lanes" }, ok, totalMs: 13_200, barriers: [{ ...barrier, obstacles }] },
    ],
  });

  it("says when all is closed already", () => {
    const closed = { ...reply(true, []), groups: reply(true, []).groups.map((group) => ({ ...group, totalMs: 0 })) };
    expect(sealText(closed, "en")).toBe("Yes: All lanes: everything is closed already.");
    expect(sealText(closed, "zh")).toBe("已全部关闭：全部。");
  });

  it.each([
    ["en", true, [], "Yes: All lanes would be closed within 14 s."],
    ["zh", true, [], "可以封锁：全部，最迟 14 秒内全部关闭。"],
    ["en", false, ["vehicle-on-loop"], "No: All lanes cannot be sealed now.\n  Bollard 3: Vehicle on the loop"],
    ["zh", false, ["vehicle-on-loop", "locked-out"], "不能封锁：全部。\n  3号升降柱：地感线圈上有车辆；检修锁定"],
  ] as const)("says in %s, when the answer is %s, what stands against it: %j", (language, ok, obstacles, text) => {
    expect(sealText(reply(ok, obstacles), language)).toBe(text);
  });
});

describe("a moment", () => {
  const now = new Date(2026, 10, 22, 10, 30);
  it.each([
    ["10:29", new Date(2026, 10, 22, 10, 29)],
    ["9:05", new Date(2026, 10, 22, 9, 5)],
    ["10:31", new Date(2026, 10, 21, 10, 31)],
    ["2026-11-22T01:00:00Z", new Date("2026-11-22T01:00:00Z")],
  ])("reads %s as the last time it was that late", (text, expected) => {
    expect(momentOf(text, now)).toBe(expected.getTime());
  });
  it.each(["25:00", "noon", ""])("refuses %j", (text) => {
    expect(() => momentOf(text, now)).toThrow(PortcullisError);
  });
});

it.each([
  ["zh", "zh"],
  ["zh_CN.UTF-8", "zh"],
  ["en", "en"],
  ["de_DE", "en"],
])("answers a person who names %s in %s", (named, language) => {
  expect(languageOf(named)).toBe(language);
});
