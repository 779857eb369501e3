// Signs that speak by shape, colour and word together, so that nobody depends on colour.
import { h, svg } from "./dom.js";

/** `alert`: act now. `warn`: look after it. `good`, `idle`: nothing to do. `move`: under way. */
export type Tone = "alert" | "warn" | "good" | "idle" | "move";

const shapes: Readonly<Record<Tone, string>> = {
  alert: "M6 .5 11.8 11H.2Z",
  warn: "M6 0 12 6 6 12 0 6Z",
  good: "M1 6.5 4.5 10 11 2.5",
  idle: "M6 1.5a4.5 4.5 0 1 0 .01 0Z",
  move: "M2 2 6 6 2 10M6.5 2l4 4-4 4",
};

/** A word with the sign of its tone. */
export function toned(tone: Tone, text: string): HTMLElement {
  const sign = svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: shapes[tone] }));
  return h("span", { class: `tone ${tone}` }, sign, h("span", {}, text));
}
