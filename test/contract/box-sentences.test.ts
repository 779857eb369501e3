// What the command line says of the box's answers, in both languages.
import { describe, expect, it } from "vitest";
import type { RunRow } from "../../edge/commissioning/drives.js";
import type { DriveView } from "../../edge/commissioning/questions/drives.js";
import type { SealReply, WhyReply } from "../../edge/commissioning/questions.js";
import type { RevisionView, SettingsView } from "../../edge/commissioning/settings/told.js";
import { PortcullisError } from "../../edge/model/error.js";
import { languageOf } from "../../scripts/box.js";
import { resultLines, runLine } from "../../scripts/commands/commission/barrier-lines.js";
import { pointLine } from "../../scripts/commands/commission/points.js";
import { historyLines, proposalLines } from "../../scripts/commands/commission/settings-lines.js";
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

describe("a barrier's drive", () => {
  const at = new Date(2026, 10, 27, 15, 4, 5).toISOString();
  const run: RunRow = {
    ...{ id: "r", kind: "run", direction: "close", mode: "normal", isFull: true, by: "李工", at, reason: null },
    ...{ end: "arrived", ms: 2_080, leftMs: 300, datasheetMs: 1_500, provedMs: 2_500, verdict: "passed", halt: null },
  };
  const stuck: RunRow = { ...run, end: "hindered", reason: "vehicle-on-loop", ms: null, verdict: "not-reached" };
  const hold: RunRow = { ...run, kind: "hold", direction: "open", isFull: false, end: "released" };
  const summary = { direction: "close", mode: "normal", runs: 1, worstMs: 2_080, isShort: true } as const;
  const drive: DriveView = {
    ...{ barrier: "b3", name: { zh: "3号升降柱", en: "Bollard 3" }, kind: "rising-bollard", state: "locked-out" },
    ...{ lockOut: { by: "李工", note: "换密封", since: at }, isDualOpen: false, underWay: null, offers: [] },
    ...{ cycles: 7, serviceCycles: 5_000, isServiceDue: false, checking: null },
    runs: [run],
    summaries: [{ ...summary, datasheetMs: 1_500, provedMs: 2_500, verdict: "passed" }],
    checks: [{ kind: "block", point: "b3-loop", state: "failed", failure: "not-refused", ms: null, by: "李工", at }],
  };

  it.each([
    [
      run,
      "zh",
      "2026-11-27 15:04:05  李工  关闭  2080 毫秒  离开触点 300 毫秒  铭牌 1500 毫秒  时限核算 2500 毫秒  合格：到位",
    ],
    [
      run,
      "en",
      "2026-11-27 15:04:05  李工  Close  2080 ms  contact left after 300 ms  datasheet 1500 ms  proof 2500 ms  Passed: arrived",
    ],
    [stuck, "zh", "未到位：联锁停止（地感线圈上有车辆）"],
    [stuck, "en", "Did not arrive: stopped by an interlock (Vehicle on the loop)"],
    [hold, "zh", "点动开启"],
    [hold, "en", "Hold to run, Open"],
  ] as const)("says how a run went: %#", (row, language, text) => {
    expect(runLine(row, language)).toContain(text);
  });

  it.each([
    ["zh", /[a-z]{3}/i],
    ["en", /\p{Script=Han}/u],
  ] as const)("says all that was measured in %s and no other language", (language, foreign) => {
    const lines = resultLines(drive, language);
    const own = /b3-loop|b3|李工|换密封/g;
    expect(lines.length).toBe(6);
    expect(lines.filter((line) => foreign.test(line.replace(own, "")))).toEqual([]);
  });
});

describe("settings", () => {
  const at = new Date(2026, 10, 27, 8, 0, 0).toISOString();
  const filter = { zone: "gate-door", key: "filterMs" } as const;
  const form = { kind: "number", min: 0, max: 400, whole: true } as const;
  const words = {
    label: { zh: "滤波时间", en: "Filter" },
    unit: "ms",
    isOptional: false,
    standard: null,
    unless: null,
  };
  const view: SettingsView = {
    revision: 2,
    changed: null,
    settings: [{ ...filter, ...words, form, value: 200, changed: null, needsTwo: [] }],
  };
  const note = { revision: 2, hash: "h", by: ["李工"], at, reason: "下雨", backTo: null };
  const history: readonly RevisionView[] = [
    { revision: 2, isPresent: true, note: { ...note, changes: [{ ...filter, value: 200, from: 40 }] } },
    { revision: 1, isPresent: false, note: null },
  ];

  it.each([
    [
      "zh",
      [
        "版本 2（当前生效）  李工  2026-11-27 08:00:00  下雨",
        "  gate-door 滤波时间：40 ms → 200 ms",
        "版本 1  未署名：随设置文件装入",
      ],
    ],
    [
      "en",
      [
        "revision 2 (in force)  李工  2026-11-27 08:00:00  下雨",
        "  gate-door Filter: 40 ms → 200 ms",
        "revision 1  not signed: it came as a file",
      ],
    ],
  ] as const)("tells in %s who changed what", (language, lines) => {
    expect(historyLines(history, view, language)).toEqual(lines);
  });

  it.each([
    ["zh", ["需要两人：区域“gate”已布防；可先撤防。", "不能生效。"]],
    ["en", ["Two persons are needed: area gate is armed; you may disarm it first.", "It cannot be taken."]],
  ] as const)("tells in %s who must agree to a change, and that it cannot be taken", (language, lines) => {
    const needsTwo = [{ why: "area-armed", area: "gate" } as const];
    const proposal = {
      ok: false,
      revision: 3,
      changes: [],
      troubles: [],
      warnings: [],
      proof: [],
      needsTwo,
      inMotion: [],
    };
    expect(proposalLines(proposal, language)).toEqual(lines);
  });
});

describe("points", () => {
  const now = {
    point: "door",
    direction: "in",
    driver: "io",
    driverUp: false,
    zones: ["gate-door"],
    barriers: [],
  } as const;
  const seen = { value: true, quality: "lost", ageMs: 1_540, occurredAt: null, sourceTime: null, samples: [] } as const;
  it.each([
    ["zh", "door  输入  io（设备断开）  true  丢失  1.5 秒前  gate-door"],
    ["en", "door  input  io (device away)  true  lost  1.5 s ago  gate-door"],
  ] as const)("are told in %s", (language, line) => {
    expect(pointLine({ ...now, ...seen }, language)).toBe(line);
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
