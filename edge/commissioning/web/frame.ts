// What stands around every section: head, navigation, and the banner when the box is not reached. On a phone the navigation is one
// line that scrolls sideways, beside the way back to the gatehouse.
import { h } from "../../page/dom.js";
import { locale, named } from "../../page/language.js";
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
  /** False while a hub that the box has is not reached. */
  readonly isHubThere: boolean;
  /** Incidents that nobody has acknowledged. */
  readonly waiting: number;
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

export function frame(actions: FrameActions, state: FrameState): readonly HTMLElement[] {
  const { title, isLive, isHubThere, person, shown, waiting } = state;
  const head = h(
    "header",
    { "data-key": "head", class: "head" },
    h("a", { class: "skip", href: "#content", onclick: skipToContent }, say("skip")),
    h("h1", {}, title),
    isLive ? toned("good", say("live")) : toned("alert", say("offline")),
    isLive && !isHubThere && toned("warn", say("noHub")),
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
  return [head, navigation(shown, waiting), banner];
}

let revealed = "";

/** Scrolls the navigation to the section that is shown, once for each section and language, so that a reader's own scrolling stays. */
export function revealSection({ id }: Section): void {
  const current = document.querySelector(".sections [aria-current=page]");
  if (current === null || revealed === `${id} ${locale()}`) return;
  revealed = `${id} ${locale()}`;
  current.scrollIntoView({ block: "nearest", inline: "center" });
}

function navigation(shown: Section, waiting: number): HTMLElement {
  const link = (section: Section, text: string) =>
    h(
      "a",
      {
        class: "button",
        // With the page's own address: it leads to another view, not to a place further down.
        href: `./#${section.id}`,
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
    ...gatehouse.map((section) => {
      const what = named(section.title);
      return link(section, waiting === 0 ? what : say("withCount", { what, n: waiting }));
    }),
    h("span", { class: "minor part", id: "commissioning-name" }, say("commissioning")),
    h(
      "div",
      { class: "buttons line", role: "group", "aria-labelledby": "commissioning-name" },
      ...commissioning.map((section) => link(section, named(section.title))),
    ),
  );
}
