// Letting a box in: an administrator makes a one-time code, and reads out what is to be typed on the box.

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
    const body = { site: String(asked.get("site")).trim(), edge: String(asked.get("edge")).trim() };
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
    h(
      "form",
      { onsubmit: make },
      field(say("siteId"), "site", { autocomplete: "off", maxlength: 63 }),
      field(say("edgeId"), "edge", { autocomplete: "off", maxlength: 63 }),
      h("button", { type: "submit", class: "primary" }, say("makeCode")),
    ),
    made !== null && codeView(made),
  );
}

function codeView({ site, edge, code, fingerprint, expiresAt }: Code): HTMLElement {
  const command = `portcullis keys enrol --data DIR --hub ${location.origin} --site ${site} --edge ${edge} --code ${code} --fingerprint ${fingerprint}`;
  return h(
    "div",
    { id: "enrolment-code", role: "status" },
    h("p", {}, say("codeFor", { box: `${site} / ${edge}`, time: when(expiresAt) })),
    h("p", {}, h("strong", {}, code)),
    h("p", {}, say("onTheBox")),
    h("pre", {}, command),
  );
}
