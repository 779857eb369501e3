// Signs that speak by shape, colour and word together, so that nobody depends on colour.
import { priorityTexts } from "../../../config/kinds.js";
import { barrierStateTexts, outcomeTexts, zoneStateTexts } from "../../../config/words.js";
import type { BarrierState, ZoneState } from "../../../edge/model/durable.js";
import type { Priority, StepOutcome } from "../../../edge/model/incident.js";
import { h, svg } from "../../../edge/page/dom.js";
import { type Tone, toned } from "../../../edge/page/tone.js";
import { say, word } from "./language.js";

const priorityShapes: Readonly<Record<Priority, string>> = {
  1: "M14 1.5 27 26H1Z",
  2: "M14 1 27 14 14 27 1 14Z",
  3: "M3 3h22v22H3Z",
  4: "M14 2a12 12 0 1 0 .01 0Z",
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

export const zoneMark = (state: ZoneState) => toned(zoneTones[state] ?? "warn", word(zoneStateTexts, state));
export const barrierMark = (state: BarrierState) =>
  toned(barrierTones[state] ?? "warn", word(barrierStateTexts, state));
export const outcomeMark = (outcome: StepOutcome) =>
  toned(outcomeTones[outcome] ?? "warn", word(outcomeTexts, outcome));
