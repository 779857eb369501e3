// The button of a hold-to-run: pressed by finger, mouse, space or enter, and let go by everything that could mean that nobody holds
// it any more.
import type { HoldReply } from "../../../questions/drives.js";
import type { Context } from "../../context.js";
import { type HoldAsk, holdDrive } from "./hold-line.js";
import type { SecondAnswer } from "./second.js";

/** After that the second person agrees anew. */
export const agreedMsMax = 60_000;

interface Agreed extends SecondAnswer {
  readonly key: string;
  readonly until: number;
}

/** What is held at this moment; null: nothing. */
let held: { readonly button: HTMLElement; readonly key: string } | null = null;
let context: Context | null = null;
let hear: (reply: HoldReply) => void = () => undefined;
let reason = "";
/** What a second person has agreed to: one hold, soon. It lies nowhere else, and goes with the page. */
let agreed: Agreed | null = null;

export function agreeToHold(key: string, answer: SecondAnswer): void {
  agreed = { ...answer, key, until: performance.now() + agreedMsMax };
}

/** What is left of the agreement to this hold, ms; null where there is none. */
export function agreedLeftMs(key: string): number | null {
  const leftMs = agreed?.key === key ? agreed.until - performance.now() : 0;
  if (agreed !== null && agreed.until < performance.now()) agreed = null;
  return leftMs > 0 ? leftMs : null;
}

/** Good for one press. */
function takeAgreed(key: string): SecondAnswer | null {
  const taken = agreedLeftMs(key) === null ? null : agreed;
  agreed = null;
  return taken === null ? null : { reason: taken.reason, second: taken.second };
}

/** Which barrier and direction is held: `{barrier}/{direction}`. */
export function heldKey(): string | null {
  return held?.key ?? null;
}

/** What the next press acts with; given anew at every draw. */
export function prepareHold(present: Context, words: string, told: (reply: HoldReply) => void): void {
  context = present;
  reason = words;
  hear = told;
}

function buttonOf(event: Event): HTMLElement | null {
  const { target } = event;
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-hold]") : null;
  return button instanceof HTMLButtonElement && button.disabled ? null : button;
}

function press(button: HTMLElement): void {
  const key = button.dataset["hold"] ?? "";
  const cut = key.lastIndexOf("/");
  const [barrier, direction] = [key.slice(0, cut), key.slice(cut + 1)];
  if (held !== null || context === null || (direction !== "open" && direction !== "close")) return;
  const mine = { button, key };
  held = mine;
  const present = context;
  const order: HoldAsk = { barrier, direction, reason, ...takeAgreed(key) };
  // A button that is gone cannot tell that it was let go.
  const isHeld = () => held === mine && button.isConnected && document.visibilityState === "visible";
  void present
    .attempt(() => holdDrive(order, isHeld, (reply) => hear(reply)))
    .catch(() => undefined)
    .finally(() => {
      if (held === mine) held = null;
      present.redraw();
    });
  present.redraw();
}

function letGo(): void {
  held = null;
}

document.addEventListener("pointerdown", (event) => {
  const button = buttonOf(event);
  if (button !== null && event.isPrimary && event.button === 0) press(button);
});
document.addEventListener("keydown", (event) => {
  const button = buttonOf(event);
  if (button === null || (event.key !== " " && event.key !== "Enter")) return;
  event.preventDefault();
  if (!event.repeat) press(button);
});
document.addEventListener("contextmenu", (event) => {
  if (buttonOf(event) !== null) event.preventDefault();
});
document.addEventListener("focusout", ({ target }) => {
  if (target === held?.button) letGo();
});
for (const name of ["pointerup", "pointercancel", "keyup", "visibilitychange"]) document.addEventListener(name, letGo);
for (const name of ["blur", "pagehide", "hashchange"]) window.addEventListener(name, letGo);
window.addEventListener("hashchange", () => {
  agreed = null;
});
