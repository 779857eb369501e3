// Signs that speak by shape, colour and word together, so that nobody depends on colour.
import { priorityTexts } from "../../../config/kinds.js";
import { barrierStateTexts, outcomeTexts, zoneStateTexts } from "../../../config/words.js";
import type { BarrierState, ZoneState } from "../../../edge/model/durable.js";
import type { Priority, StepOutcome } from "../../../edge/model/incident.js";
import { h, svg } from "./dom.js";
import { say, word } from "./language.js";

/** `alert`: act now. `warn`: look after it. `good`, `idle`: nothing to do. `move`: under way. */
export type Tone = "alert" | "warn" | "good" | "idle" | "move";

const priorityShapes: Readonly<Record<Priority, string>> = {
  1: "M14 1.5 27 26H1Z",
  2: "M14 1 27 14 14 27 1 14Z",
  3: "M3 3h22v22H3Z",
  4: "M14 2a12 12 0 1 0 .01 0Z",
};

const toneShapes: Readonly<Record<Tone, string>> = {
  alert: "M6 .5 11.8 11H.2Z",
  warn: "M6 0 12 6 6 12 0 6Z",
  good: "M1 6.5 4.5 10 11 2.5",
  idle: "M6 1.5a4.5 4.5 0 1 0 .01 0Z",
  move: "M2 2 6 6 2 10M6.5 2l4 4-4 4",
};

export const zoneTones: Readonly<Record<ZoneState, Tone>> = {
  unknown: "warn",
  normal: "good",
  active: "warn",
  breached: "alert",
  tampered: "alert",
  unguarded: "alert",
  fault: "warn",
};

export const barrierTones: Readonly<Record<BarrierState, Tone>> = {
  unknown: "warn",
  open: "idle",
  closing: "move",
  closed: "good",
  opening: "move",
  obstructed: "alert",
  inhibited: "warn",
  "locked-out": "warn",
  fault: "alert",
  manual: "warn",
  "power-lost": "alert",
};

export const outcomeTones: Readonly<Record<StepOutcome, Tone>> = {
  open: "move",
  met: "good",
  missed: "alert",
  inhibited: "warn",
};

export function priorityMark(priority: Priority): HTMLElement {
  const shape = svg(
    "svg",
    { viewBox: "0 0 28 28", "aria-hidden": "true" },
    svg("path", { d: priorityShapes[priority] }),
    svg("text", { x: 14, y: priority === 1 ? 23 : 19.5, "text-anchor": "middle" }, String(priority)),
  );
  const level = word(priorityTexts, String(priority));
  const spoken = say("priority", { n: priority, word: level });
  return h(
    "span",
    { class: `priority p${priority}` },
    shape,
    h("span", { "aria-hidden": "true" }, level),
    h("span", { class: "unseen" }, spoken),
  );
}

/** A word with the sign of its tone. */
export function toned(tone: Tone, text: string): HTMLElement {
  const sign = svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: toneShapes[tone] }));
  return h("span", { class: `tone ${tone}` }, sign, h("span", {}, text));
}

export const zoneMark = (state: ZoneState) => toned(zoneTones[state] ?? "warn", word(zoneStateTexts, state));
export const barrierMark = (state: BarrierState) =>
  toned(barrierTones[state] ?? "warn", word(barrierStateTexts, state));
export const outcomeMark = (outcome: StepOutcome) =>
  toned(outcomeTones[outcome] ?? "warn", word(outcomeTexts, outcome));
