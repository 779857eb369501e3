// Short messages at the edge of the page, and the spoken announcement of new alarms.
import { h } from "./dom.js";
import { sayFrom } from "./language.js";
import { pageTexts } from "./texts.js";

const say = sayFrom(pageTexts);

/** What was refused, in the reader's language. */
export interface Refused {
  readonly message: string;
  readonly remedy: string;
  readonly code: string;
}

const noticesMax = 4;
/** On a phone more would cover what the reader works with. */
const noticesOnPhone = 2;
const phone = "(max-width: 48rem)";
const tellMs = 6_000;
const refusalMs = 20_000;

function show(notice: HTMLElement, ms: number): void {
  const place = document.getElementById("notices");
  if (place === null) return;
  place.append(notice);
  const max = window.matchMedia(phone).matches ? noticesOnPhone : noticesMax;
  while (place.children.length > max) place.firstElementChild?.remove();
  setTimeout(() => notice.remove(), ms);
}

function noticeOf(kind: string, ...lines: readonly HTMLElement[]): HTMLElement {
  const notice = h("div", { class: `notice ${kind}` }, h("div", {}, ...lines));
  notice.append(
    h(
      "button",
      { type: "button", class: "dismiss", "aria-label": say("dismiss"), onclick: () => notice.remove() },
      "×",
    ),
  );
  return notice;
}

/** Something was done. */
export function tell(message: string): void {
  show(noticeOf("told", h("p", {}, message)), tellMs);
}

/** Something was refused: what the hub says, what to do about it, and the stable code. */
export function showRefusal({ message, remedy, code }: Refused): void {
  const first = h("p", { class: "what" }, say("refusedBy", { message }));
  show(noticeOf("refused", first, h("p", {}, remedy), h("p", { class: "minor" }, h("code", {}, code))), refusalMs);
}

/** Read out at once by a screen reader. */
export function announce(message: string): void {
  document.getElementById("announcer")?.replaceChildren(h("p", {}, message));
}
