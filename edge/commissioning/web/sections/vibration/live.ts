// The live trace and what it says at this moment.
import { h } from "../../../../page/dom.js";
import { toned } from "../../../../page/tone.js";
import type { BlockView } from "../../../vibration/replay.js";
import { chart, legend } from "./chart.js";
import { type Model, shownMs } from "./model.js";
import { say } from "./texts.js";

/** Blocks come several times a second; one of three seconds is already long. */
const silentMsMax = 5_000;

const short = (value: number) => (value >= 20 ? Math.round(value) : Math.round(value * 10) / 10);

function stateOf(block: BlockView): HTMLElement {
  if (block.alarm !== null) return toned("alert", say("alarmNow"));
  if (block.isLearning) return toned("warn", say("learning"));
  if (block.isMasked) return toned("idle", say("masked"));
  const wind = block.background / block.baseline;
  if (wind > 1.5) return toned("move", say("windy", { factor: short(wind) }));
  return toned("good", say("watching"));
}

function sentences(model: Model): HTMLElement {
  const last = model.blocks.at(-1);
  if (last === undefined) return h("p", { "data-key": "now" }, toned("warn", say("waiting")));
  if (performance.now() - model.heardAt > silentMsMax)
    return h("p", { "data-key": "now" }, toned("alert", say("liveLost")));
  const values = { times: short(last.level / last.baseline), threshold: short(last.threshold / last.baseline) };
  return h(
    "p",
    { "data-key": "now", class: "now" },
    stateOf(last),
    h("span", { class: "value" }, say("nowLevel", values)),
    h(
      "span",
      { class: "value" },
      say("nowEvents", { counted: last.counted, needed: model.settings?.eventCount ?? "–" }),
    ),
  );
}

export function liveCard(model: Model): HTMLElement {
  const to = model.blocks.at(-1)?.at ?? 0;
  const drawing =
    model.blocks.length < 2 ? [] : [chart("live", model.blocks, { from: to - shownMs, to, zero: to }), legend()];
  return h(
    "section",
    { "data-key": "live", class: "card", "aria-labelledby": "live-title" },
    h("h2", { id: "live-title" }, say("live")),
    sentences(model),
    ...drawing,
  );
}
