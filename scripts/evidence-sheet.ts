// The sheet of one incident for people: response times against their deadlines and the timeline, as a page that prints.

import { recordTexts } from "../config/record-words.js";
import { actionTexts, incidentKindTexts, outcomeTexts, reasonTexts } from "../config/words.js";
import { html } from "../edge/commissioning/report/sheet.js";
import type { Step } from "../edge/model/incident.js";
import { targetOf } from "../edge/model/incident.js";
import type { Inventory } from "../edge/model/inventory.js";
import type { JournalRecord } from "../edge/model/record.js";
import type { Language, Text } from "../edge/model/text.js";
import type { ClockTrust, Stamp } from "../edge/model/time.js";
import { type Evidence, type EvidenceFindings, shownRecords } from "../edge/record/evidence.js";
import { headerHash } from "../edge/record/hash.js";
import { inventoryIn, msBetween, timelineOf } from "../edge/record/timeline.js";
import { nameOf } from "../hub/alarm/names.js";

const t = (zh: string, en: string): Text => ({ zh, en });

const words = {
  title: t("事件证据", "Evidence of an incident"),
  incident: t("事件", "Incident"),
  kind: t("类型", "Kind"),
  place: t("地点", "Place"),
  exercise: t("演练", "Exercise"),
  real: t("真实事件", "Real"),
  opened: t("开始时间", "Opened at"),
  closed: t("复位人", "Reset by"),
  box: t("主机", "Box"),
  configuration: t("配置版本", "Configuration"),
  clock: t("时钟可信度", "Clock trust"),
  made: t("生成时间", "Made at"),
  signed: t("签名", "Signature"),
  steps: t("响应时间与时限", "Response times against their deadlines"),
  step: t("步骤", "Step"),
  occurred: t("发生时间", "Occurred at"),
  detected: t("探测", "Detected"),
  commanded: t("命令", "Commanded"),
  confirmed: t("确认", "Confirmed"),
  limit: t("时限", "Limit"),
  outcome: t("结果", "Outcome"),
  timeline: t("时间线", "Timeline"),
  time: t("时间", "Time"),
  what: t("记录", "Record"),
  number: t("编号", "Number"),
  hash: t("哈希", "Hash"),
  sound: t("完好", "sound"),
  unsound: t("已损坏，不可作为证据", "NOT SOUND, no evidence"),
} as const;

const clockTexts: Readonly<Record<ClockTrust, Text>> = {
  "never-set": t("未校时", "never set"),
  holdover: t("自守时", "kept by the box alone"),
  synchronised: t("已同步", "synchronised"),
};

interface Sheet {
  readonly evidence: Evidence;
  readonly findings: EvidenceFindings;
  readonly language: Language;
  /** Name of the file that holds the evidence. */
  readonly file: string;
}

/** A whole HTML page. */
export function sheetOf({ evidence, findings, language, file }: Sheet): string {
  const say = (text: Text) => text[language];
  const records = shownRecords(evidence);
  const { incident, steps, closedBy } = timelineOf(records, evidence.incident);
  const inventory = inventoryIn(evidence.config);
  const name = (id: string) => say(nameOf(inventory ?? undefined, id));
  const start = steps[0]?.occurredAt ?? incident?.openedAt ?? null;
  const facts: readonly (readonly [Text, string])[] = [
    [words.incident, evidence.incident],
    [words.kind, incident === null ? "—" : say(incidentKindTexts[incident.kind])],
    [words.place, incident === null ? "—" : name(incident.place)],
    [words.exercise, say(incident?.exercise === true ? words.exercise : words.real)],
    [words.opened, incident === null ? "—" : local(incident.openedAt.wall)],
    [words.closed, closedBy ?? "—"],
    [words.box, evidence.source],
    [words.configuration, configurationOf(evidence.config)],
    [words.clock, [...new Set(records.map(({ clocktrust }) => say(clockTexts[clocktrust])))].join(", ")],
    [words.made, `${local(Date.parse(evidence.madeAt))}, portcullis ${evidence.version}`],
    [words.signed, signatureText(evidence, findings, language)],
  ];
  const heading = (text: Text) => `<h2>${html(say(text))}</h2>`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${html(`${say(words.title)} ${evidence.incident}`)}</title>
<style>${style}</style></head><body><main>
<h1>${html(say(words.title))}</h1>
<table class="facts">${facts.map(([label, value]) => `<tr><th>${html(say(label))}</th><td>${html(value)}</td></tr>`).join("")}</table>
${heading(words.steps)}
${table(
  [words.step, words.occurred, words.detected, words.commanded, words.confirmed, words.limit, words.outcome].map(say),
  steps.map((step) => stepRow(step, inventory, language)),
)}
${heading(words.timeline)}
${table(
  ["s", say(words.time), say(words.what), "", say(words.number), say(words.hash)],
  records.map((record) => recordRow(record, { start, language, name })),
)}
<footer><code>portcullis evidence verify ${html(file)} --public-key journal.pub</code></footer>
</main></body></html>
`;
}

function configurationOf(config: JournalRecord | null): string {
  if (config === null) return "—";
  const { revision, hash } = config.data;
  return `${String(revision)} ${String(hash).slice(0, 16)}`;
}

function signatureText(
  { key }: Evidence,
  { ok, records, checkpoints, unsigned }: EvidenceFindings,
  language: Language,
) {
  const verdict = (ok ? words.sound : words.unsound)[language];
  return language === "zh"
    ? `${verdict}；密钥 ${key}；${records} 条记录，${checkpoints} 个签名存证，其后 ${unsigned} 条由本证据签名`
    : `${verdict}; key ${key}; ${records} records, ${checkpoints} checkpoints, ${unsigned} records behind them under this bundle's signature`;
}

function stepRow(step: Step, inventory: Inventory | null, language: Language): readonly string[] {
  const { action, occurredAt, detectedAt, commandedAt, confirmedAt, deadlineAt, outcome, reason } = step;
  const target = action.kind === "report" ? action.task : nameOf(inventory ?? undefined, targetOf(action));
  const after = (at: Stamp | null) => (at === null ? "—" : seconds(msBetween(occurredAt, at)));
  const why = reason === null ? "" : ` (${reasonTexts[reason][language]})`;
  return [
    `${actionTexts[action.kind][language]} · ${target[language]}`,
    local(occurredAt.wall),
    ...[detectedAt, commandedAt, confirmedAt, deadlineAt].map(after),
    outcomeTexts[outcome][language] + why,
  ];
}

interface RowContext {
  readonly start: Stamp | null;
  readonly language: Language;
  readonly name: (id: string) => string;
}

function recordRow(record: JournalRecord, { start, language, name }: RowContext): readonly string[] {
  const { time, type, subject, lane, sequence, boot, mono, clocktrust } = record;
  const at: Stamp = { boot, mono: Number(BigInt(mono) / 1000n) / 1000, wall: Date.parse(time), clock: clocktrust };
  const known: Readonly<Record<string, Text>> = recordTexts;
  const target = subject.split("/").at(-1) ?? subject;
  return [
    start === null ? "" : seconds(msBetween(start, at)),
    local(at.wall),
    known[type]?.[language] ?? type,
    name(target),
    `${lane} ${sequence}`,
    headerHash(record).slice(0, 12),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${line(head, "th")}</thead><tbody>${rows.map((row) => line(row, "td")).join("\n")}</tbody></table>`;
}

function seconds(ms: number): string {
  return `${ms < 0 ? "" : "+"}${(ms / 1000).toFixed(3)} s`;
}

/** By the wall clock of the machine that makes the sheet, with its offset from UTC. */
function local(wall: number): string {
  const minutes = -new Date(wall).getTimezoneOffset();
  const shifted = new Date(wall + minutes * 60_000).toISOString();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)} ${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

const style = `
body { font: 10pt/1.4 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 16mm; color: #111 }
h1 { font-size: 16pt } h2 { font-size: 12pt; margin-top: 8mm }
table { border-collapse: collapse; width: 100% } th, td { border: .2mm solid #999; padding: 1mm 1.5mm; text-align: left; vertical-align: top }
th { background: #eee } .facts th { width: 35mm } thead { display: table-header-group } tr { break-inside: avoid }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere } footer { margin-top: 8mm; font-size: 9pt }
@page { margin: 12mm } @media print { body { margin: 0 } }`;
