// What a tried change would do: values, checks, deadlines before and after, who must agree; and the signature that makes it.
import { type MadeChange, placeText } from "../../../model/revision.js";
import { h } from "../../../page/dom.js";
import { language, named, pair } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { ConsentReason } from "../../settings/consent.js";
import { consentSubject } from "../../settings/consent-words.js";
import type { ProofChange, SettingView } from "../../settings/told.js";
import type { Context } from "../context.js";
import { secondFields } from "../sign-in.js";
import { say as sayFrame } from "../texts.js";
import type { Signature, Tried } from "./chosen.js";
import { valueWord } from "./settings-form.js";
import { say } from "./texts.js";

/** Whose words the changes are said in, and what the buttons do. */
export interface Trial {
  readonly title: string;
  readonly settings: readonly SettingView[];
  readonly isApplying: boolean;
  apply(signature: Signature): void;
  discard(): void;
}

export function triedCard(
  { view, changes }: Pick<Tried, "view" | "changes">,
  trial: Trial,
  context: Context,
): HTMLElement {
  const { settings } = trial;
  const { ok, revision, troubles, proof, needsTwo } = view;
  const made: readonly MadeChange[] =
    view.changes.length > 0 ? view.changes : changes.map((each) => ({ ...each, from: null }));
  return h(
    "section",
    { "data-key": "tried", class: "card pending", "aria-labelledby": "tried-title" },
    h("h2", { id: "tried-title", tabindex: -1 }, trial.title),
    made.length === 0
      ? h("p", { class: "minor" }, say("sameValues"))
      : h("ul", {}, ...made.map((change) => h("li", { class: "value" }, changeText(change, settings, context)))),
    ok ? toned("good", say("wouldTake", { revision })) : toned("alert", say("wouldRefuse")),
    ...troubles.map(({ message, remedy }) => h("p", {}, message[language()], h("small", {}, remedy[language()]))),
    proofView(proof),
    ok && needsTwo.length > 0 && twoView(needsTwo, context),
    ok ? signForm(needsTwo.length > 0, trial) : discardButton(trial),
  );
}

/** Which value of what becomes which other one, in words. */
export function changeText(change: MadeChange, settings: readonly SettingView[], { site }: Context): string {
  const setting = settings.find((each) => placeText(each) === placeText(change));
  if (setting === undefined) return pair(placeText(change), `${change.from ?? "–"} → ${change.value ?? "–"}`);
  const zone = "zone" in change ? site.zones.find(({ id }) => id === change.zone) : undefined;
  const place = zone === undefined ? ("zone" in change ? change.zone : change.point) : named(zone.name);
  const what = `${place} · ${setting.label[language()]}`;
  return pair(what, `${valueWord(change.from, setting)} → ${valueWord(change.value, setting)}`);
}

/** Every deadline that the change touches, with its sum. */
function proofView(proof: readonly ProofChange[]): HTMLElement {
  if (proof.length === 0) return h("p", { class: "minor" }, say("noProof"));
  return h("div", { class: "proof" }, h("h3", {}, say("proof")), h("ul", {}, ...proof.map(proofRow)));
}

function proofRow({ response, step, target, before, after }: ProofChange): HTMLElement {
  const isInTime = after === null || after.ok || after.isAccepted;
  const terms = (after?.terms ?? []).map(({ name, ms }) => `${name[language()]} ${ms}`).join(" + ");
  const row = {
    step: `${response}/${step} ${target}`,
    before: before?.totalMs ?? "–",
    after: after?.totalMs ?? "–",
    within: after?.withinMs ?? "–",
  };
  return h(
    "li",
    {},
    h("span", { class: "value" }, say("proofRow", row), " "),
    isInTime ? toned("good", say("inTime")) : toned("alert", say("late")),
    h("small", {}, terms),
  );
}

function twoView(reasons: readonly ConsentReason[], context: Context): HTMLElement {
  return h(
    "div",
    {},
    toned("warn", say("needsTwo")),
    h("ul", {}, ...reasons.map((reason) => h("li", {}, say(reason.why, { name: nameOf(reason, context) })))),
  );
}

function nameOf(reason: ConsentReason, { site }: Context): string {
  const id = consentSubject(reason);
  const name = [...site.areas, ...site.zones, ...site.barriers].find((each) => each.id === id)?.name;
  return name === undefined ? id : named(name);
}

function signForm(needsTwo: boolean, trial: Trial): HTMLElement {
  const onsubmit = (event: Event) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) trial.apply(signatureIn(event.currentTarget, needsTwo));
  };
  const { isApplying } = trial;
  return h(
    "form",
    { "data-key": `sign-${needsTwo}`, onsubmit },
    h(
      "label",
      {},
      sayFrame("reason"),
      h("input", { name: "reason", required: true, maxlength: 200, pattern: ".*\\S.*", autocomplete: "off" }),
    ),
    ...(needsTwo ? secondFields() : []),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: "primary", disabled: isApplying }, say(isApplying ? "applying" : "apply")),
      discardButton(trial),
    ),
  );
}

function discardButton(trial: Trial): HTMLElement {
  return h("button", { type: "button", onclick: () => trial.discard() }, say("discard"));
}

function signatureIn(form: HTMLFormElement, needsTwo: boolean): Signature {
  const data = new FormData(form);
  const field = (name: string) => String(data.get(name) ?? "").trim();
  const second = { name: field("second-name"), pin: field("second-pin") };
  return { reason: field("reason"), ...(needsTwo && { second }) };
}
