// What the command line says of a barrier's drive, in the reader's language.
import { checkFailureTexts, checkStateTexts, endTexts, verdictTexts, wayTexts } from "../../../config/drive-words.js";
import { barrierStateTexts, obstacleTexts, reasonTexts } from "../../../config/words.js";
import type { RunRow } from "../../../edge/commissioning/drives.js";
import type { DriveView } from "../../../edge/commissioning/questions/drives.js";
import type { CheckResult } from "../../../edge/model/drive-run.js";
import type { Language } from "../../../edge/model/text.js";
import { momentText, msText, pair, say } from "../../sentences.js";

export const barrierTexts = {
  hold: { zh: "点动{way}", en: "Hold to run, {way}" },
  partly: { zh: "{way}（非全程）", en: "{way} (part of the way)" },
  left: { zh: "离开触点 {ms}", en: "contact left after {ms}" },
  datasheet: { zh: "铭牌 {ms}", en: "datasheet {ms}" },
  proof: { zh: "时限核算 {ms}", en: "proof {ms}" },
  because: { zh: "{ended}（{why}）", en: "{ended} ({why})" },
  worst: { zh: "最近 {n} 次最慢", en: "worst of {n}" },
  lockedOut: { zh: "检修锁定：{by}，{since}，{note}", en: "locked out: {by}, {since}, {note}" },
  cycles: { zh: "保养后动作次数：{n}", en: "cycles since its service: {n}" },
  cyclesOf: { zh: "保养后动作次数：{n}，共 {of}", en: "cycles since its service: {n} of {of}" },
  serviceDue: { zh: "保养到期", en: "service is due" },
  noRuns: { zh: "尚未试运行。", en: "No run yet." },
  block: { zh: "遮挡或占用 {point}：必须拒绝关闭", en: "block {point}: a close must be refused" },
  halt: { zh: "关闭运行中触发 {point}：驱动必须停止", en: "trip {point} while it closes: the drive must stop" },
  contacts: { zh: "开到位、关到位各一次：两个触点", en: "go to both ends once: position contacts" },
  isolate: {
    zh: "下坑作业前还必须切断并挂锁驱动电源。",
    en: "Isolate and padlock the drive's supply too before anybody climbs in.",
  },
  noResult: { zh: "没有结果：运行未开始或已被取代。", en: "No result: the run did not begin or was overruled." },
  holdKey: { zh: "按住任意键 ……", en: "Hold a key down ..." },
  running: { zh: "运行中", en: "running" },
  warning: { zh: "警示中", en: "warning" },
} as const;

function wayText(
  { kind, direction, mode, isFull }: Pick<RunRow, "kind" | "direction" | "mode" | "isFull">,
  language: Language,
) {
  const words = say(barrierTexts, language);
  const way = wayTexts[`${direction}/${mode}`][language];
  const whole = kind === "hold" ? words("hold", { way }) : way;
  return kind === "hold" || isFull ? whole : words("partly", { way: whole });
}

export function runLine(run: RunRow, language: Language): string {
  const { at, by, ms, leftMs, datasheetMs, provedMs, verdict, end, reason } = run;
  const words = say(barrierTexts, language);
  const ended = endTexts[end][language];
  const why = reason === null ? ended : words("because", { ended, why: reasonTexts[reason][language] });
  return [
    momentText(at),
    by,
    wayText(run, language),
    msText(ms, language),
    words("left", { ms: msText(leftMs, language) }),
    words("datasheet", { ms: msText(datasheetMs, language) }),
    words("proof", { ms: msText(provedMs, language) }),
    pair(verdictTexts[verdict][language], why, language),
  ].join("  ");
}

export function checkLine({ kind, point, state, failure, ms }: CheckResult, language: Language): string {
  const stands = checkStateTexts[state][language];
  const found = failure === null ? stands : pair(stands, checkFailureTexts[failure][language], language);
  const what = say(barrierTexts, language)(kind, { point });
  return [what, found, ...(ms === null ? [] : [msText(ms, language)])].join("  ");
}

/** What stands against every run of it at the moment. */
function againstLines({ offers, underWay }: DriveView, language: Language): readonly string[] {
  const runs = offers.filter(({ kind }) => kind === "run");
  if (underWay !== null || runs.some(({ against }) => against.length === 0)) return [];
  const found = (runs[0]?.against ?? []).map(({ subject, why }) =>
    pair(subject, obstacleTexts[why][language], language),
  );
  return [...new Set(found)].map((line) => `! ${line}`);
}

export function resultLines(drive: DriveView, language: Language): readonly string[] {
  const { barrier, name, state, lockOut, cycles, serviceCycles, isServiceDue, summaries, runs, checks } = drive;
  const words = say(barrierTexts, language);
  const counted =
    serviceCycles === null ? words("cycles", { n: cycles }) : words("cyclesOf", { n: cycles, of: serviceCycles });
  return [
    `${barrier}  ${name[language]}  ${barrierStateTexts[state][language]}`,
    ...(lockOut === null ? [] : [words("lockedOut", { ...lockOut, since: momentText(lockOut.since) })]),
    ...againstLines(drive, language),
    isServiceDue ? `${counted}  ${words("serviceDue")}` : counted,
    ...summaries.map((summary) => summaryLine(summary, language)),
    ...(runs.length === 0 ? [words("noRuns")] : runs.map((each) => runLine(each, language))),
    ...checks.map((check) => [checkLine(check, language), check.by, momentText(check.at)].join("  ")),
  ];
}

function summaryLine(summary: DriveView["summaries"][number], language: Language): string {
  const { direction, mode, runs, worstMs, datasheetMs, provedMs, verdict } = summary;
  const words = say(barrierTexts, language);
  return [
    words("worst", { n: runs }),
    wayTexts[`${direction}/${mode}`][language],
    msText(worstMs, language),
    words("datasheet", { ms: msText(datasheetMs, language) }),
    words("proof", { ms: msText(provedMs, language) }),
    verdictTexts[verdict][language],
  ].join("  ");
}
