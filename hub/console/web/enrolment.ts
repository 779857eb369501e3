// Letting a box in, a new one or a spare one in a dead one's place: an administrator makes a one-time code, and reads out what is
// to be typed on the box.

import { h } from "../../../edge/page/dom.js";
import { call } from "./api.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { say } from "./language.js";
import { field } from "./sign-in.js";

interface Code {
  readonly site: string;
  readonly edge: string;
  readonly code: string;
  readonly fingerprint: string;
  readonly expiresAt: string;
  readonly replaces: boolean;
  /** What the hub can give back to a spare box; null for a new one. */
  readonly kept: Kept | null;
}

interface Kept {
  readonly revision: number | null;
  readonly hasState: boolean;
  readonly lastAt: string | null;
}

/** Shown until the view is left for another. */
let made: Code | null = null;

export function forgetCode(): void {
  made = null;
}

export function enrolmentView(context: Context, changed: () => void): HTMLElement {
  const make = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const asked = new FormData(form);
    const replaces = (event as SubmitEvent).submitter?.id === "make-replacement-code";
    const body = { site: String(asked.get("site")).trim(), edge: String(asked.get("edge")).trim(), replaces };
    void context.attempt(async () => {
      made = await call<Code>("POST", "enrolment-codes", body);
      form.reset();
      changed();
    });
  };
  return h(
    "section",
    { "data-key": "enrolment", class: "card people", "aria-labelledby": "enrolment-title" },
    h("h2", { id: "enrolment-title" }, say("enrolBox")),
    h("p", {}, say("enrolBoxHint")),
    h("p", {}, say("replaceBoxHint")),
    h(
      "form",
      { onsubmit: make },
      field(say("siteId"), "site", { autocomplete: "off", maxlength: 63 }),
      field(say("edgeId"), "edge", { autocomplete: "off", maxlength: 63 }),
      h("button", { type: "submit", class: "primary" }, say("makeCode")),
      h("button", { type: "submit", id: "make-replacement-code" }, say("replaceBox")),
    ),
    made !== null && codeView(made),
  );
}

function codeView({ site, edge, code, fingerprint, expiresAt, replaces, kept }: Code): HTMLElement {
  const command = replaces ? "replace" : "keys enrol";
  const where = `--data DIR --hub ${location.origin} --site ${site} --edge ${edge}`;
  return h(
    "div",
    { id: "enrolment-code", role: "status" },
    h("p", {}, say(replaces ? "replacementCodeFor" : "codeFor", { box: `${site} / ${edge}`, time: when(expiresAt) })),
    h("p", {}, h("strong", {}, code)),
    kept !== null && h("p", { id: "kept" }, keptText(kept)),
    h("p", {}, say(replaces ? "onTheSpareBox" : "onTheBox")),
    h("pre", {}, `portcullis ${command} ${where} --code ${code} --fingerprint ${fingerprint}`),
  );
}

function keptText({ revision, hasState, lastAt }: Kept): string {
  const config = revision === null ? say("keptNoConfig") : say("keptConfig", { revision: String(revision) });
  const state = hasState && lastAt !== null ? say("keptState", { time: when(lastAt) }) : say("keptNoState");
  return `${config} ${state}`;
}
