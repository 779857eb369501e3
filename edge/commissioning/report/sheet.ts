// The report as one HTML page for paper (A4), in Chinese or English: carries all it needs, asks no other host.
import { roleTexts } from "../../../config/words.js";
import type { Language, Text } from "../../model/text.js";
import type { SignedReport } from "./bundle.js";
import { type BarrierResult, type CheckResult, reportLimits, type Verdict, type ZoneResult } from "./report.js";
import {
  clockWords,
  detailText,
  kindWord,
  momentText,
  noteText,
  openPointWords,
  secondsText,
  testText,
  trialWords,
  verdictWords,
  reportWords as words,
} from "./words.js";

interface Scene {
  readonly report: SignedReport;
  readonly say: (text: Text) => string;
  readonly language: Language;
  readonly at: (iso: string) => string;
}

/** `file`: name of the signed JSON beside it. */
export function sheetOf(report: SignedReport, language: Language, file: string): string {
  const say = (text: Text) => text[language];
  const scene: Scene = { report, say, language, at: (iso) => momentText(iso, report.state.timeZone) };
  const { content } = report;
  const sections = [about, signatures, openPoints, zones, barriers, checks, proof, deviations, trial];
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${html(`${say(words.title)} ${content.site}/${content.edge}`)}</title>
<style>${sheetStyle}</style></head><body><main>
<h1>${html(say(words.title))}<small>${html(say(content.name))}</small></h1>
${sections.map((section) => section(scene)).join("\n")}
<footer>${html(say(words.verify))}: <code>portcullis commission report verify ${html(file)} --public-key box.pub</code></footer>
</main></body></html>
`;
}

function about({ report: { content, state, hash, key }, say, at }: Scene): string {
  const facts: readonly (readonly [Text, string])[] = [
    [words.site, `${content.site} / ${content.edge}`],
    [words.version, content.version],
    [words.configuration, `${content.revision} / ${content.configHash.slice(0, 16)}`],
    [words.madeAt, `${at(state.madeAt)} (${say(clockWords[state.clock])})`],
    [words.timesIn, state.timeZone],
    [words.contentHash, hash],
    [words.key, key === "" ? say(words.unsigned) : key],
  ];
  const rows = facts.map(([label, value]) => `<tr><th>${html(say(label))}</th><td>${html(value)}</td></tr>`);
  return `<table class="facts">${rows.join("")}</table>`;
}

function signatures({ report: { state }, say, at }: Scene): string {
  const rows = state.signatures.map(({ by, roles, capacity, at: when, openPoints: open, isValid }) => [
    by,
    [
      ...roles.map((role) => say((roleTexts as Readonly<Record<string, Text>>)[role] ?? { zh: role, en: role })),
      capacity,
    ]
      .filter((each) => each !== "")
      .join(", "),
    at(when),
    String(open),
    mark(isValid ? "passed" : "failed", say(isValid ? words.valid : words.void)),
    "",
  ]);
  const sum = state.isSigned ? words.signed : rows.length === 0 ? words.noSignature : words.oneMore;
  const blank = Array.from({ length: Math.max(0, reportLimits.signersNeeded - rows.length) }, () => [
    "",
    "",
    "",
    "",
    "",
    "",
  ]);
  const head = [words.person, words.role, words.time, words.openWhenSigned, words.state, words.byHand].map(say);
  return `${heading(words.signatures, say)}<p>${html(say(sum))}</p>${table(head, [...rows, ...blank], "sign")}`;
}

function openPoints({ report: { state }, say, language, at }: Scene): string {
  const rows = state.openPoints.map((point) => [
    say(openPointWords[point.what]),
    `${say(point.name)} (${point.subject})`,
    detailText(point, language),
    at(point.since),
  ]);
  const head = [words.what, words.target, words.detail, words.since].map(say);
  return section(words.openPoints, say, rows.length === 0 ? words.noOpenPoints : table(head, rows));
}

function tried({ by, at: when }: Pick<ZoneResult, "by" | "at">, { at }: Scene): string {
  return by === "" ? "—" : `${by} · ${at(when)}`;
}

function result({ result: verdict }: { readonly result: Verdict }, { say }: Scene): Marked {
  return mark(verdict, say(verdictWords[verdict]));
}

function zones(scene: Scene): string {
  const { report, say, language } = scene;
  const rows = report.content.zones.map((zone: ZoneResult) => [
    `${say(zone.name)} (${zone.id}), ${kindWord(zone.kind, language)}`,
    `${zone.hits} / ${reportLimits.hits}`,
    secondsText(zone.measuredMs),
    secondsText(zone.limitMs),
    secondsText(zone.provedMs),
    tried(zone, scene),
    result(zone, scene),
  ]);
  const head = [words.zone, words.hits, words.worst, words.limit, words.proved, words.by, words.verdict].map(say);
  return section(words.zones, say, rows.length === 0 ? words.nothing : table(head, rows));
}

function barriers(scene: Scene): string {
  const { report, say, language } = scene;
  const rows = report.content.barriers.map((barrier: BarrierResult) => [
    `${say(barrier.name)} (${barrier.id}), ${kindWord(barrier.kind, language)}${barrier.id.endsWith("/emergency") ? `, ${say(words.emergency)}` : ""}`,
    `${barrier.runs} / ${reportLimits.runs}`,
    secondsText(barrier.measuredMs),
    secondsText(barrier.termMs),
    secondsText(barrier.limitMs),
    secondsText(barrier.provedMs),
    tried(barrier, scene),
    result(barrier, scene),
  ]);
  const { barrier, runs, worst, term, limit, proved, by, verdict } = words;
  const head = [barrier, runs, worst, term, limit, proved, by, verdict].map(say);
  return section(words.barriers, say, rows.length === 0 ? words.nothing : table(head, rows));
}

function checks(scene: Scene): string {
  const { report, say, language } = scene;
  const rows = report.content.checks.map((check: CheckResult) => [
    testText(check.kind, language),
    say(check.name),
    secondsText(check.measuredMs),
    secondsText(check.limitMs),
    tried(check, scene),
    noteText(check, language),
    result(check, scene),
  ]);
  const head = [words.check, words.target, words.worst, words.limit, words.by, words.note, words.verdict].map(say);
  return section(words.checks, say, rows.length === 0 ? words.nothing : table(head, rows));
}

function proof({ report, say }: Scene): string {
  const rows = report.content.proof.map(({ id, totalMs, withinMs, ok, isAccepted }) => {
    const word = ok ? words.inTime : isAccepted ? words.accepted : words.late;
    return [id, secondsText(totalMs), secondsText(withinMs), mark(ok ? "passed" : "failed", say(word))];
  });
  const head = [words.step, words.total, words.limit, words.verdict].map(say);
  return section(words.proof, say, rows.length === 0 ? words.nothing : table(head, rows));
}

function deviations({ report, say }: Scene): string {
  const rows = report.content.deviations.map(({ response, step, target, worstMs, reason, signedBy }) => [
    `${response}/${step}/${target}`,
    secondsText(worstMs),
    reason,
    signedBy.map(({ name, on }) => `${name} (${on})`).join(", "),
  ]);
  const head = [words.step, words.total, words.reason, words.signedBy].map(say);
  return section(words.deviations, say, rows.length === 0 ? words.noDeviations : table(head, rows));
}

function trial({ report: { state }, say, at }: Scene): string {
  const run = state.trial;
  if (run === null) return section(words.trial, say, words.noTrial);
  const facts: readonly (readonly [Text, string])[] = [
    [words.period, `${at(run.startedAt)} – ${at(run.until)}`],
    [words.daysLeft, String(run.daysLeft)],
    [words.alarms, String(run.alarms)],
    [words.falseAlarms, String(run.falseAlarms)],
    [words.faults, String(run.faults)],
    [words.missed, String(run.missed)],
    [words.availability, `${(run.availability * 100).toFixed(2)} %`],
    [words.result, say(trialWords[run.result])],
  ];
  const rows = facts.map(([label, value]) => `<tr><th>${html(say(label))}</th><td>${html(value)}</td></tr>`);
  const note = run.isOfThis ? "" : `<p>${html(say(words.ofOther))}</p>`;
  return `${heading(words.trial, say)}${note}<table class="facts">${rows.join("")}</table>`;
}

const heading = (text: Text, say: Scene["say"]) => `<h2>${html(say(text))}</h2>`;

/** `body`: a table, or the sentence in its place. */
function section(title: Text, say: Scene["say"], body: string | Text): string {
  return heading(title, say) + (typeof body === "string" ? body : `<p>${html(say(body))}</p>`);
}

/** A cell that is marked-up already: by its form, for people may write anything. */
interface Marked {
  readonly markup: string;
}
type CellText = string | Marked;

/** By word and weight, not by colour alone. */
function mark(verdict: Verdict, word: string): Marked {
  return { markup: `<b class="${verdict}">${html(word)}</b>` };
}

function table(head: readonly string[], rows: readonly (readonly CellText[])[], kind = "list"): string {
  const cell = (text: CellText) => `<td>${typeof text === "string" ? html(text) : text.markup}</td>`;
  const lines = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  const top = head.map((text) => `<th>${html(text)}</th>`).join("");
  return `<table class="${kind}"><thead><tr>${top}</tr></thead><tbody>${lines.join("\n")}</tbody></table>`;
}

/** Text as it may stand in a page. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Stands in the page; where the page is served its hash stands in the content security policy. */
export const sheetStyle = `
body { font: 9.5pt/1.4 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", sans-serif; margin: 12mm; color: #111; background: #fff }
h1 { font-size: 16pt; margin: 0 0 4mm; border-bottom: .5mm solid #111 } h1 small { display: block; font-size: 11pt; font-weight: normal }
h2 { font-size: 11.5pt; margin: 6mm 0 1.5mm; break-after: avoid } p { margin: 1mm 0 }
table { border-collapse: collapse; width: 100% } th, td { border: .2mm solid #999; padding: .8mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: break-word }
td:first-child, .facts td { overflow-wrap: anywhere }
th { background: #eee; font-weight: 600 } .facts th { width: 38mm } thead { display: table-header-group } tr { break-inside: avoid }
.sign tbody td { height: 11mm } .sign td:last-child { width: 34mm } td { font-variant-numeric: tabular-nums }
b { white-space: nowrap } .sign b { white-space: normal } b.passed { font-weight: normal } b.failed { border: .3mm solid #111; padding: 0 .8mm } b.open { font-style: italic }
footer { margin-top: 6mm; font-size: 8pt; overflow-wrap: anywhere }
@page { size: A4; margin: 12mm } @media print { body { margin: 0 } }`;
