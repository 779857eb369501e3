// Report 报告: what was tested and what is open, checks entered by hand, signatures, and the trial run.
import { h } from "../../../page/dom.js";
import { language, named, pair, sayFrom } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import type { SignedReport } from "../../report/bundle.js";
import { type OpenPoint, openPointKinds, reportLimits, type Verdict } from "../../report/report.js";
import {
  detailText,
  momentText,
  openPointWords,
  secondsText,
  testText,
  trialWords,
  verdictWords,
} from "../../report/words.js";
import type { Context } from "../context.js";
import { card, checkForm, reportPageTexts, signForm } from "../report-forms.js";
import type { Section } from "../sections.js";

const say = sayFrom(reportPageTexts);

const tones: Readonly<Record<Verdict, Tone>> = { passed: "good", failed: "alert", open: "warn" };

let report: SignedReport | null = null;
let askedAt = Number.NEGATIVE_INFINITY;
/** What is shown may be so old. */
const freshMs = 15_000;

function refresh(context: Context): void {
  askedAt = performance.now();
  void context.attempt(async () => {
    report = await context.call<SignedReport>("GET", "report");
    context.redraw();
  });
}

function table(columns: readonly string[], rows: readonly Row[]): HTMLElement {
  const heads = columns.map((column) => h("th", { scope: "col" }, column));
  const lines = rows.map(([first, ...cells], at) =>
    h(
      "tr",
      { "data-key": `${at} ${first}` },
      h("th", { scope: "row" }, first),
      ...cells.map((cell, column) => h("td", { "data-label": columns[column + 1] ?? "" }, cell)),
    ),
  );
  return h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines));
}

const verdict = (result: Verdict) => toned(tones[result], verdictWords[result][language()]);

type Row = [string, ...(string | HTMLElement)[]];

function tried({ by, at }: { readonly by: string; readonly at: string }, { state }: SignedReport): string {
  return by === "" ? "–" : `${by} · ${momentText(at, state.timeZone)}`;
}

const timed = (first: "hits" | "runs") => [say(first), say("worst"), say("limit"), say("by"), say("verdict")];

function zones(shown: SignedReport): HTMLElement {
  const rows = shown.content.zones.map((zone): Row => {
    const times = [secondsText(zone.measuredMs), secondsText(zone.limitMs)];
    const hits = `${zone.hits} / ${reportLimits.hits}`;
    return [named(zone.name), hits, ...times, tried(zone, shown), verdict(zone.result)];
  });
  return card("report-zones", say("zones"), table([say("zone"), ...timed("hits")], rows));
}

function barriers(shown: SignedReport): HTMLElement {
  const rows = shown.content.barriers.map((barrier): Row => {
    const name = named(barrier.name) + (barrier.id.endsWith("/emergency") ? `, ${say("emergency")}` : "");
    const times = [secondsText(barrier.measuredMs), secondsText(barrier.limitMs)];
    const runs = `${barrier.runs} / ${reportLimits.runs}`;
    return [name, runs, ...times, tried(barrier, shown), verdict(barrier.result)];
  });
  return card("report-barriers", say("barriers"), table([say("barrier"), ...timed("runs")], rows));
}

function checks(shown: SignedReport): HTMLElement {
  const rows = shown.content.checks.map((check): Row => {
    const name = pair(testText(check.kind, language()), named(check.name));
    return [name, secondsText(check.measuredMs), tried(check, shown), verdict(check.result)];
  });
  const columns = [say("check"), say("worst"), say("by"), say("verdict")];
  return card("report-checks", say("checks"), table(columns, rows));
}

function openPoints({ state }: SignedReport): HTMLElement {
  const title = `${say("openPoints")} (${state.openPoints.length})`;
  if (state.openPoints.length === 0) return card("report-open", title, toned("good", say("noOpenPoints")));
  const groups = openPointKinds.flatMap((what) => {
    const points = state.openPoints.filter((point) => point.what === what);
    return points.length === 0 ? [] : [openGroup(what, points)];
  });
  return card("report-open", title, ...groups);
}

function openGroup(what: OpenPoint["what"], points: readonly OpenPoint[]): HTMLElement {
  const rows = points.map((point) => {
    const detail = detailText(point, language()) || point.subject;
    return h(
      "li",
      { "data-key": `${point.subject} ${point.detail}` },
      h("span", {}, named(point.name)),
      h("span", {}, detail),
    );
  });
  const summary = toned("warn", pair(openPointWords[what][language()], String(points.length)));
  return h("details", { "data-key": what }, h("summary", {}, summary), h("ul", { class: "rows" }, ...rows));
}

function deviations({ content }: SignedReport): HTMLElement {
  const rows = content.deviations.map(({ response, step, target, worstMs, reason, signedBy }) => {
    const by = signedBy.map(({ name }) => name).join(", ");
    return [`${response}/${step}/${target}`, secondsText(worstMs), reason, by] as [string, ...string[]];
  });
  const body =
    rows.length === 0
      ? h("p", {}, say("noDeviations"))
      : table([say("step"), say("total"), say("reason"), say("signedBy")], rows);
  return card("report-deviations", say("deviations"), body);
}

function trial({ state }: SignedReport): HTMLElement {
  const run = state.trial;
  if (run === null) return card("report-trial", say("trial"), h("p", {}, say("noTrial")));
  const facts = [
    [say("period"), `${momentText(run.startedAt, state.timeZone)} – ${momentText(run.until, state.timeZone)}`],
    [say("daysLeft"), String(run.daysLeft)],
    [say("alarms"), String(run.alarms)],
    [say("falseAlarms"), String(run.falseAlarms)],
    [say("faults"), String(run.faults)],
    [say("missed"), String(run.missed)],
    [say("availability"), `${(run.availability * 100).toFixed(2)} %`],
    [say("result"), trialWords[run.result][language()]],
  ] as const;
  const rows = facts.map(([label, value]) =>
    h("li", { "data-key": label }, h("span", {}, label), h("span", { class: "value" }, value)),
  );
  return card(
    "report-trial",
    say("trial"),
    !run.isOfThis && h("p", {}, say("ofOther")),
    h("ul", { class: "rows" }, ...rows),
  );
}

function signatures(shown: SignedReport, context: Context): HTMLElement {
  const { state } = shown;
  const rows = state.signatures.map(({ by, capacity, at, isValid }) => {
    const mark = isValid ? toned("good", say("valid")) : toned("alert", say("void"));
    const who = [by, capacity, momentText(at, state.timeZone)].filter((each) => each !== "").join(" · ");
    return h("li", { "data-key": by }, h("span", {}, who), mark);
  });
  const sum = say(state.isSigned ? "signed" : rows.length === 0 ? "noSignature" : "oneMore");
  return card(
    "report-signatures",
    say("signatures"),
    toned(state.isSigned ? "good" : "warn", sum),
    h("ul", { class: "rows" }, ...rows),
    h("p", {}, say("signHow")),
    signForm(shown, context, (next) => {
      report = next;
      context.redraw();
    }),
  );
}

function view(context: Context): readonly HTMLElement[] {
  if (performance.now() - askedAt > freshMs) refresh(context);
  if (report === null) return [h("p", { "data-key": "reading" }, say("reading"))];
  const { content, state, hash } = report;
  const links = h(
    "div",
    { class: "buttons" },
    h(
      "a",
      { class: "button", href: `/api/v1/report.html?lang=${language()}`, target: "_blank", rel: "noopener" },
      say("print"),
    ),
    h("a", { class: "button", href: "/api/v1/report", download: `${content.edge}.report.json` }, say("file")),
    h("button", { type: "button", onclick: () => refresh(context) }, say("again")),
  );
  const about = h(
    "ul",
    { class: "rows" },
    h("li", {}, h("span", {}, say("version")), h("span", {}, content.version)),
    h(
      "li",
      {},
      h("span", {}, say("configuration")),
      h("span", {}, `${content.revision} / ${content.configHash.slice(0, 16)}`),
    ),
    h(
      "li",
      {},
      h("span", {}, say("madeAt")),
      h("span", {}, `${momentText(state.madeAt, state.timeZone)} (${state.timeZone})`),
    ),
    h("li", {}, h("span", {}, say("contentHash")), h("code", {}, hash.slice(0, 16))),
  );
  const entry = checkForm(report, context, () => refresh(context));
  return [
    card("report-about", say("title"), about, links),
    openPoints(report),
    signatures(report, context),
    trial(report),
    zones(report),
    barriers(report),
    checks(report),
    ...(entry === false ? [] : [entry]),
    deviations(report),
  ];
}

export const commissioningReport: Section = {
  id: "report",
  part: "commissioning",
  title: { zh: "报告", en: "Report" },
  view,
};
