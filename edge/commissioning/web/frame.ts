// What stands around every section: head, navigation, and the banner when the box is not reached.
import { h } from "../../page/dom.js";
import { named } from "../../page/language.js";
import { toned } from "../../page/tone.js";
import type { Person } from "./context.js";
import { type Section, sections } from "./sections.js";
import { say } from "./texts.js";

export interface FrameActions {
  switchLanguage(): void;
  signIn(): void;
  signOut(): void;
}

export interface FrameState {
  readonly title: string;
  readonly isLive: boolean;
  readonly person: Person | null;
  readonly shown: Section;
}

export function languageButton(switchLanguage: () => void): HTMLElement {
  return h("button", { type: "button", class: "quiet language", onclick: switchLanguage }, say("switchLanguage"));
}

/** Moves the focus only; the address names the section. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

export function frame(actions: FrameActions, { title, isLive, person, shown }: FrameState): readonly HTMLElement[] {
  const head = h(
    "header",
    { "data-key": "head", class: "head" },
    h("a", { class: "skip", href: "#content", onclick: skipToContent }, say("skip")),
    h("h1", {}, title),
    isLive ? toned("good", say("live")) : toned("alert", say("offline")),
    h(
      "div",
      { class: "buttons who" },
      person !== null && h("span", { class: "person" }, person.name),
      person === null
        ? h("button", { type: "button", class: "quiet", onclick: actions.signIn }, say("signIn"))
        : h("button", { type: "button", class: "quiet", onclick: actions.signOut }, say("signOut")),
      languageButton(actions.switchLanguage),
    ),
  );
  const banner = h(
    "div",
    { "data-key": "banner", class: "banner", role: "alert", hidden: isLive },
    isLive ? "" : say("bannerLost"),
  );
  return [head, navigation(shown), banner];
}

function navigation(shown: Section): HTMLElement {
  const link = (section: Section, text: string) =>
    h(
      "a",
      {
        class: "button",
        href: `#${section.id}`,
        "aria-current": section === shown ? "page" : false,
        "data-key": section.id,
      },
      text,
    );
  const gatehouse = sections.filter(({ part }) => part === "gatehouse");
  const commissioning = sections.filter(({ part }) => part === "commissioning");
  return h(
    "nav",
    { "data-key": "nav", class: "sections", "aria-label": say("sections") },
    ...gatehouse.map((section) => link(section, named(section.title))),
    h("span", { class: "minor", id: "commissioning-name" }, say("commissioning")),
    h(
      "div",
      { class: "buttons", role: "group", "aria-labelledby": "commissioning-name" },
      ...commissioning.map((section) => link(section, named(section.title))),
    ),
  );
}
