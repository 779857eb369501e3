// Report 报告: what was tested and what is open, checks entered by hand, signatures, and the trial run.
import { h } from "../../../page/dom.js";
import { language, named, sayFrom } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import type { SignedReport } from "../../report/bundle.js";
import { reportLimits, type Verdict } from "../../report/report.js";
import {
  detailText,
  momentText,
  openPointWords,
  reportWords,
  secondsText,
  testText,
  trialWords,
  verdictWords,
} from "../../report/words.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";

const texts = {
  ...reportWords,
  reading: { zh: "正在读取报告……", en: "Reading the report ..." },
  print: { zh: "打印版", en: "To print" },
  file: { zh: "签名文件", en: "Signed file" },
  again: { zh: "刷新", en: "Refresh" },
  sign: { zh: "签名", en: "Sign" },
  signHow: {
    zh: "签名人输入自己的姓名和口令；两名不同人员签名后开始试运行。",
    en: "Each signer enters name and PIN; when two different people have signed, the trial run begins.",
  },
  pin: { zh: "口令（数字）", en: "PIN" },
  capacity: { zh: "代表（可空）", en: "On behalf of (may be empty)" },
  signedNow: { zh: "已签名", en: "Signed" },
  enter: { zh: "登记检查结果", en: "Enter the result of a check" },
  entered: { zh: "已登记", en: "Entered" },
  measured: { zh: "实测毫秒（可空）", en: "Measured, ms (may be empty)" },
} as const;
const say = sayFrom(texts);

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

function card(key: string, title: string, ...children: readonly (HTMLElement | string | false)[]): HTMLElement {
  const heading = h("h2", { id: `${key}-title` }, title);
  return h("section", { "data-key": key, class: "card", "aria-labelledby": `${key}-title` }, heading, ...children);
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
    const name = `${testText(check.kind, language())}: ${named(check.name)}`;
    return [name, secondsText(check.measuredMs), tried(check, shown), verdict(check.result)];
  });
  const columns = [say("check"), say("worst"), say("by"), say("verdict")];
  return card("report-checks", say("checks"), table(columns, rows));
}

function openPoints({ state }: SignedReport): HTMLElement {
  const rows = state.openPoints.map((point) => {
    const detail = [named(point.name), detailText(point, language())].filter((each) => each !== "").join(" · ");
    const key = `${point.what} ${point.subject} ${point.detail}`;
    return h("li", { "data-key": key }, toned("warn", openPointWords[point.what][language()]), h("span", {}, detail));
  });
  const body = rows.length === 0 ? toned("good", say("noOpenPoints")) : h("ul", { class: "rows" }, ...rows);
  return card("report-open", `${say("openPoints")} (${rows.length})`, body);
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

function signatures({ state }: SignedReport, context: Context): HTMLElement {
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
    signForm(context),
  );
}

function signForm(context: Context): HTMLElement {
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || report === null) return;
    const data = new FormData(form);
    const [name, pin, capacity] = ["signer", "pin", "capacity"].map((field) => String(data.get(field) ?? "").trim());
    const { hash } = report;
    void context.attempt(async () => {
      report = await context.call<SignedReport>("POST", "report/sign", { name, pin, capacity, hash });
      form.reset();
      context.tell(say("signedNow"));
      context.redraw();
    });
  };
  const pin = { type: "password", inputmode: "numeric", pattern: "[0-9]*", maxlength: 12, required: true };
  return h(
    "form",
    { onsubmit, class: "signing" },
    h("label", {}, say("person"), h("input", { name: "signer", required: true, maxlength: 64, autocomplete: "off" })),
    h("label", {}, say("pin"), h("input", { name: "pin", autocomplete: "off", ...pin })),
    h("label", {}, say("capacity"), h("input", { name: "capacity", maxlength: 60, autocomplete: "off" })),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, say("sign"))),
  );
}

function checkForm({ content }: SignedReport, context: Context): HTMLElement | false {
  if (context.person === null || content.checks.length === 0) return false;
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const data = new FormData(form);
    const value = (field: string) => String(data.get(field) ?? "").trim();
    const [kind, target] = value("check").split("/");
    const measuredMs = value("measured") === "" ? null : Number(value("measured"));
    void context.attempt(async () => {
      await context.call("POST", "report/tests", {
        kind,
        target,
        result: value("result"),
        measuredMs,
        note: value("note"),
      });
      form.reset();
      context.tell(say("entered"));
      refresh(context);
    });
  };
  const options = content.checks.map(({ id, kind, name }) =>
    h("option", { value: id }, `${testText(kind, language())}: ${named(name)}`),
  );
  const outcomes = (["passed", "failed"] as const).map((each) =>
    h("option", { value: each }, verdictWords[each][language()]),
  );
  const form = h(
    "form",
    { onsubmit },
    h("label", {}, say("check"), h("select", { name: "check" }, ...options)),
    h("label", {}, say("verdict"), h("select", { name: "result" }, ...outcomes)),
    h("label", {}, say("measured"), h("input", { name: "measured", type: "number", min: 0, max: 3_600_000 })),
    h("label", {}, say("note"), h("input", { name: "note", maxlength: 200, autocomplete: "off" })),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, say("enter"))),
  );
  return card("report-enter", say("enter"), form);
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
    h("li", {}, h("span", {}, say("madeAt")), h("span", {}, momentText(state.madeAt, state.timeZone))),
    h("li", {}, h("span", {}, say("contentHash")), h("code", {}, hash.slice(0, 16))),
  );
  const entry = checkForm(report, context);
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
