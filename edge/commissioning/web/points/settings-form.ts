// The settings of a point and of the zones that read it: changed in place and tried; tried-card.ts makes the change.
import { placeText, type SettingChange, type SettingValue } from "../../../model/revision.js";
import { h } from "../../../page/dom.js";
import { language, locale } from "../../../page/language.js";
import type { SettingView } from "../../settings/told.js";
import type { Context } from "../context.js";
import { type Chosen, tryOut } from "./chosen.js";
import { say } from "./texts.js";

export function settingsOf({ settings, point, wiring }: Chosen): readonly SettingView[] {
  const zones = wiring?.zones.map(({ id }) => id) ?? [];
  return (settings?.settings ?? []).filter((each) =>
    "zone" in each ? zones.includes(each.zone) : each.point === point,
  );
}

export function valueWord(value: SettingValue, { unit, unless, standard }: SettingView): string {
  if (value === null) return say("unset", { standard: unless?.[language()] ?? plainWord(standard) });
  return `${plainWord(value)}${unit === null ? "" : ` ${unit}`}`;
}

function plainWord(value: SettingValue): string {
  if (value === "open") return say("openWord");
  if (value === "closed") return say("closedWord");
  return typeof value === "boolean" ? say(value ? "yes" : "no") : String(value ?? "–");
}

export function settingsForm(chosen: Chosen, context: Context): HTMLElement {
  const settings = settingsOf(chosen);
  const onsubmit = (event: Event) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) tryOut(changesIn(event.currentTarget, settings), context);
  };
  return h(
    "section",
    { "data-key": "settings", class: "card", "aria-labelledby": "settings-title" },
    h("h2", { id: "settings-title" }, say("settings")),
    h(
      "form",
      // What was typed belongs to the revision on which it was typed.
      {
        "data-key": `form-${chosen.point}-${chosen.settings?.revision}`,
        class: "settings",
        id: "settings-form",
        onsubmit,
      },
      ...settings.map(settingRow),
      h("button", { type: "submit", class: "primary" }, say("check")),
    ),
  );
}

function changesIn(form: HTMLFormElement, settings: readonly SettingView[]): readonly SettingChange[] {
  const data = new FormData(form);
  return settings.flatMap((setting): readonly SettingChange[] => {
    const value = valueFrom(String(data.get(placeText(setting)) ?? "").trim(), setting);
    return value === setting.value ? [] : [changeOf(setting, value)];
  });
}

export function changeOf(setting: SettingView, value: SettingValue): SettingChange {
  return "zone" in setting
    ? { zone: setting.zone, key: setting.key, value }
    : { point: setting.point, driver: setting.driver, key: setting.key, value };
}

function valueFrom(typed: string, { form }: SettingView): SettingValue {
  if (typed === "") return null;
  if (form.kind === "number") return Number(typed);
  return form.kind === "flag" ? typed === "true" : typed;
}

function settingRow(setting: SettingView): HTMLElement {
  const { label, unit, changed } = setting;
  const place = "zone" in setting ? setting.zone : setting.point;
  const by =
    changed && say("changedBy", { by: changed.by.join(", "), at: dateText(changed.at), revision: changed.revision });
  return h(
    "label",
    { "data-key": placeText(setting) },
    h("span", {}, `${label[language()]}${unit === null ? "" : ` (${unit})`}`, h("small", {}, place)),
    control(setting),
    h("small", {}, [hint(setting), by].filter(Boolean).join(" · ")),
  );
}

function dateText(at: string): string {
  return new Date(at).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}

function hint(setting: SettingView): string {
  const { form, isOptional } = setting;
  const range =
    form.kind === "number" && form.min !== null && form.max !== null
      ? [say("range", { min: form.min, max: form.max })]
      : [];
  return [...range, ...(isOptional && form.kind === "number" ? [valueWord(null, setting)] : [])].join("; ");
}

function control(setting: SettingView): HTMLElement {
  const { form, value, isOptional } = setting;
  const name = placeText(setting);
  const required = !isOptional;
  if (form.kind === "text")
    return h("input", { name, value: String(value ?? ""), maxlength: form.max, required, autocomplete: "off" });
  if (form.kind === "number") {
    const range = { ...(form.min !== null && { min: form.min }), ...(form.max !== null && { max: form.max }) };
    return h("input", {
      name,
      type: "number",
      step: form.whole ? 1 : "any",
      value: String(value ?? ""),
      required,
      ...range,
    });
  }
  const words = form.kind === "flag" ? ["true", "false"] : form.of;
  const option = (word: string, shown: string) =>
    h("option", { value: word, selected: word === String(value ?? "") }, shown);
  return h(
    "select",
    { name },
    ...(isOptional ? [option("", valueWord(null, setting))] : []),
    ...words.map((word) => option(word, plainWord(form.kind === "flag" ? word === "true" : word))),
  );
}
