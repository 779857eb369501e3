// What stands around every view: the head with the state of the connection and the settings, and the banner when it is lost.

import { roleTexts } from "../../../config/words.js";
import { h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import { when } from "./clock.js";
import type { Person } from "./context.js";
import { say, word } from "./language.js";
import { isSoundOn } from "./sound.js";

export interface FrameActions {
  switchLanguage(): void;
  switchSound(): void;
  signOut(): void;
}

export interface Connection {
  readonly isLive: boolean;
  /** Ms since 1970; null before the first time. */
  readonly currentAt: number | null;
}

export function languageButton(switchLanguage: () => void): HTMLElement {
  return h("button", { type: "button", class: "quiet language", onclick: switchLanguage }, say("switchLanguage"));
}

function banner({ isLive, currentAt }: Connection): HTMLElement {
  const isLost = !isLive && currentAt !== null;
  const detail = isLost ? say("bannerLostDetail", { time: when(new Date(currentAt).toISOString()) }) : "";
  return h(
    "div",
    { "data-key": "banner", class: "banner", role: "alert", hidden: isLive },
    h("strong", {}, isLive ? "" : isLost ? say("bannerLost") : say("bannerFirst")),
    h("span", {}, detail),
  );
}

/** Moves the focus only; the address names what is shown. */
function skipToAlarms(event: Event): void {
  event.preventDefault();
  document.getElementById("alarms")?.focus();
}

export function frame(actions: FrameActions, connection: Connection, person: Person): readonly HTMLElement[] {
  const head = h(
    "header",
    { "data-key": "head", class: "head" },
    h("a", { class: "skip", href: "#alarms", onclick: skipToAlarms }, say("skipToAlarms")),
    h("h1", {}, say("product")),
    connection.isLive ? toned("good", say("live")) : toned("alert", say("offline")),
    h(
      "nav",
      {},
      h(
        "button",
        { type: "button", class: "quiet", "aria-pressed": String(isSoundOn()), onclick: actions.switchSound },
        say("sound"),
      ),
      person.role === "administrator" && h("a", { class: "button quiet", href: "#people" }, say("people")),
      h("a", { class: "button quiet", href: "#password" }, say("changePassword")),
      languageButton(actions.switchLanguage),
      h("span", { class: "person" }, person.user, h("small", {}, word(roleTexts, person.role))),
      h("button", { type: "button", class: "quiet", onclick: actions.signOut }, say("signOut")),
    ),
  );
  return [head, banner(connection)];
}
