// What the command line says of settings, of what a change would do, and of earlier revisions, in the reader's language.
import { consentSubject, consentTexts } from "../../../edge/commissioning/settings/consent-words.js";
import type {
  ProofChange,
  ProposalView,
  RevisionView,
  SettingsView,
  SettingView,
} from "../../../edge/commissioning/settings/told.js";
import { type MadeChange, placeText, type SettingValue } from "../../../edge/model/revision.js";
import type { Language } from "../../../edge/model/text.js";
import { momentText, msText, pair, say } from "../../sentences.js";

const texts = {
  revision: { zh: "版本 {n}", en: "revision {n}" },
  inForce: { zh: "版本 {n}（当前生效）", en: "revision {n} (in force)" },
  unset: { zh: "未设置（{standard}）", en: "not set ({standard})" },
  by: { zh: "（{by} 于 {at} 修改）", en: "(changed by {by}, {at})" },
  characters: { zh: "[1..{n} 个字]", en: "[1..{n} characters]" },
  proof: { zh: "{step}：{before} → {after}，时限 {within}", en: "{step}: {before} -> {after} of {within}" },
  late: { zh: "超时", en: "TOO LATE" },
  needsTwo: { zh: "需要两人：{why}", en: "Two persons are needed: {why}" },
  wouldTake: { zh: "检查全部通过，将成为版本 {n}。", en: "Every check passes; it becomes revision {n}." },
  wouldRefuse: { zh: "不能生效。", en: "It cannot be taken." },
  taken: { zh: "版本 {n} 已生效（{hash}）。", en: "Revision {n} is in force ({hash})." },
  unsigned: { zh: "未署名：随设置文件装入", en: "not signed: it came as a file" },
  backTo: { zh: "恢复了版本 {n} 的内容", en: "the content of revision {n} again" },
} as const;

/** As it is given to `set`. */
const assignable = (setting: SettingView) => placeText(setting).replace(" ", ":");

function valueText(value: SettingValue, setting: SettingView, language: Language): string {
  const { unit, unless, standard } = setting;
  if (value === null) return say(texts, language)("unset", { standard: unless?.[language] ?? String(standard ?? "–") });
  return unit === null ? String(value) : `${value} ${unit}`;
}

function rangeText({ form }: SettingView, language: Language): string {
  if (form.kind === "number") return `[${form.min ?? ""}..${form.max ?? ""}]`;
  if (form.kind === "choice") return `[${form.of.join("|")}]`;
  return form.kind === "flag" ? "[true|false]" : say(texts, language)("characters", { n: form.max });
}

export function listLines({ revision, changed, settings }: SettingsView, language: Language): readonly string[] {
  const words = say(texts, language);
  const head = words("revision", { n: revision });
  return [
    changed === null ? head : [head, changed.by.join(", "), momentText(changed.at)].join("  "),
    ...settings.map((setting) =>
      [
        assignable(setting),
        valueText(setting.value, setting, language),
        rangeText(setting, language),
        setting.label[language],
        ...(setting.changed === null
          ? []
          : [words("by", { by: setting.changed.by.join(", "), at: momentText(setting.changed.at) })]),
      ].join("  "),
    ),
  ];
}

export function proposalLines({ ok, revision, proof, needsTwo }: ProposalView, language: Language): readonly string[] {
  const words = say(texts, language);
  return [
    ...proof.flatMap((row) => proofLines(row, language)),
    ...needsTwo.map((reason) => {
      const why = say(consentTexts, language)(reason.why, { name: consentSubject(reason) });
      return words("needsTwo", { why });
    }),
    ok ? words("wouldTake", { n: revision }) : words("wouldRefuse"),
  ];
}

function proofLines({ response, step, target, before, after }: ProofChange, language: Language): readonly string[] {
  const words = say(texts, language);
  const ms = (value: number | undefined) => msText(value ?? null, language);
  const sides = { before: ms(before?.totalMs), after: ms(after?.totalMs), within: ms(after?.withinMs) };
  const line = words("proof", { step: `${response}/${step} ${target}`, ...sides });
  const isInTime = after === null || after.ok || after.isAccepted;
  const terms = (after?.terms ?? []).map(({ name, ms: term }) => `${name[language]} ${term}`).join(" + ");
  return [isInTime ? line : `${line}  ${words("late")}`, ...(terms === "" ? [] : [`  ${terms}`])];
}

export interface Taken {
  readonly revision: number;
  readonly hash: string;
}

export function takenLine({ revision, hash }: Taken, language: Language): string {
  return say(texts, language)("taken", { n: revision, hash: hash.slice(0, 12) });
}

export function historyLines(
  revisions: readonly RevisionView[],
  { settings }: SettingsView,
  language: Language,
): readonly string[] {
  const words = say(texts, language);
  return revisions.flatMap(({ revision, isPresent, note }) => {
    const head = words(isPresent ? "inForce" : "revision", { n: revision });
    if (note === null) return [`${head}  ${words("unsigned")}`];
    const { by, at, reason, changes, backTo } = note;
    return [
      [head, by.join(", "), momentText(at), reason].join("  "),
      ...(backTo === null ? [] : [`  ${words("backTo", { n: backTo })}`]),
      ...changes.map((change) => `  ${changeText(change, settings, language)}`),
    ];
  });
}

function changeText(change: MadeChange, settings: readonly SettingView[], language: Language): string {
  const setting = settings.find((each) => placeText(each) === placeText(change));
  const from = setting === undefined ? String(change.from ?? "–") : valueText(change.from, setting, language);
  const to = setting === undefined ? String(change.value ?? "–") : valueText(change.value, setting, language);
  const place = "zone" in change ? change.zone : `${change.driver}/${change.point}`;
  const what = setting === undefined ? placeText(change) : `${place} ${setting.label[language]}`;
  return pair(what, `${from} → ${to}`, language);
}
