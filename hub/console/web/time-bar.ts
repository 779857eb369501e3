// One bar per step: how much of the time until the deadline was used. Every deadline stands on the same line, so that
// what reaches past it is seen at once.

import { h, svg } from "../../../edge/page/dom.js";
import type { StepView } from "../views.js";
import { between, hubNow, seconds } from "./clock.js";
import { say } from "./language.js";
import { outcomeTones } from "./marks.js";

const width = 600;
const height = 30;
const deadlineX = 440;
const barTop = 9;
const barHeight = 12;

/** Ticks by shape: what happened when on the way. */
const ticks = [
  ["detected", "detectedAt"],
  ["decided", "decidedAt"],
  ["commanded", "commandedAt"],
  ["fallbackTaken", "fallbackAt"],
] as const;

function tickMark(x: number, label: string): SVGElement {
  const mark = svg("line", { class: "tick", x1: x, x2: x, y1: barTop - 5, y2: barTop + barHeight + 3 });
  mark.append(svg("title", {}, label));
  return mark;
}

function spoken(step: StepView, name: string): string {
  const deadline = seconds(between(step.occurredAt, step.deadlineAt), 0);
  const result =
    step.confirmedAt === null
      ? say("notConfirmed")
      : say("confirmedAfter", { span: seconds(between(step.occurredAt, step.confirmedAt)) });
  return say("barLabel", { step: name, deadline, result });
}

/** The bar of a step: from occurred (left) to confirmed, or to now while it runs. */
export function timeBar(step: StepView, name: string): HTMLElement {
  const withinMs = Math.max(1, between(step.occurredAt, step.deadlineAt));
  const x = (time: string) => Math.min(width - 2, Math.max(1, (between(step.occurredAt, time) / withinMs) * deadlineX));
  const now = new Date(hubNow()).toISOString();
  const runs = step.confirmedAt === null && (step.outcome === "open" || step.outcome === "missed");
  const end = step.confirmedAt ?? (runs ? now : (step.commandedAt ?? step.decidedAt));
  const isClipped = x(end) >= width - 2;
  const marks = ticks.flatMap(([key, field]) => {
    const time = step[field];
    return time === null ? [] : [tickMark(x(time), say(key, { span: seconds(between(step.occurredAt, time)) }))];
  });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": spoken(step, name) },
    svg("rect", { class: "track", x: 0, y: barTop, width: deadlineX, height: barHeight }),
    svg("rect", {
      class: `used ${outcomeTones[step.outcome]} ${runs ? "runs" : ""}`,
      x: 0,
      y: barTop,
      width: Math.max(2, x(end)),
      height: barHeight,
    }),
    step.resumed !== null &&
      svg("rect", { class: "resumed", x: x(step.resumed.at) - 3, y: barTop + 3, width: 6, height: 6 }),
    ...marks,
    svg("line", { class: "deadline", x1: deadlineX, x2: deadlineX, y1: 0, y2: height }),
    isClipped && svg("path", { class: "beyond", d: `M${width - 14} ${barTop - 2}l10 8-10 8` }),
  );
  return h(
    "div",
    { class: "bar" },
    h("span", { class: "bar-name" }, name),
    drawing,
    h("span", { class: "bar-end" }, seconds(withinMs, 0)),
  );
}
