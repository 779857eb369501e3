// What people enter on the report's page: their signatures, and the results of checks that they have made by hand.
import { h } from "../../page/dom.js";
import { language, named, pair, sayFrom } from "../../page/language.js";
import type { SignedReport } from "../report/bundle.js";
import { reportWords, testText, verdictWords } from "../report/words.js";
import { handTestKinds } from "../tests-book.js";
import type { Context } from "./context.js";

export const reportPageTexts = {
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
const say = sayFrom(reportPageTexts);
const byHand: readonly string[] = handTestKinds;

export function card(key: string, title: string, ...children: readonly (HTMLElement | string | false)[]): HTMLElement {
  const heading = h("h2", { id: `${key}-title` }, title);
  return h("section", { "data-key": key, class: "card", "aria-labelledby": `${key}-title` }, heading, ...children);
}

/** `signed` gets the report as it is then. */
export function signForm(report: SignedReport, context: Context, signed: (report: SignedReport) => void): HTMLElement {
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const data = new FormData(form);
    const [name, pin, capacity] = ["signer", "pin", "capacity"].map((field) => String(data.get(field) ?? "").trim());
    const { hash } = report;
    void context.attempt(async () => {
      signed(await context.call<SignedReport>("POST", "report/sign", { name, pin, capacity, hash }));
      form.reset();
      context.tell(say("signedNow"));
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

/** For who is logged in; `entered` is called when the box has it. */
export function checkForm({ content }: SignedReport, context: Context, entered: () => void): HTMLElement | false {
  const checks = content.checks.filter(({ kind }) => byHand.includes(kind));
  if (context.person === null || checks.length === 0) return false;
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
      entered();
    });
  };
  const options = checks.map(({ id, kind, name }) =>
    h("option", { value: id }, pair(testText(kind, language()), named(name))),
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
