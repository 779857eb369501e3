// The guided interlock check of one barrier.

import { checkFailureTexts, checkStateTexts } from "../../../../../config/drive-words.js";
import type { CheckResult, CheckState } from "../../../../model/drive-run.js";
import { h } from "../../../../page/dom.js";
import { locale, named, pair } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { CheckRow } from "../../../drives.js";
import type { DrivesReply, DriveView } from "../../../questions/drives.js";
import type { Context } from "../../context.js";
import { say } from "./texts.js";

const tones: Readonly<Record<CheckState, Tone>> = { waiting: "idle", seen: "move", passed: "good", failed: "alert" };

export function checksCard(
  { barrier, checking, checks }: DriveView,
  context: Context,
  learn: (reply: DrivesReply) => void,
): HTMLElement {
  const move = (way: "begin" | "end") => () =>
    void context.attempt(async () =>
      learn(await context.call<DrivesReply>("POST", `drives/${encodeURIComponent(barrier)}/check`, { move: way })),
    );
  const rows = checking === null ? checks : checking.rows;
  return h(
    "section",
    { "data-key": `checks-${barrier}`, class: "card" },
    h("h2", {}, say("checks")),
    h("p", {}, say("checksWhat")),
    h(
      "div",
      { class: "buttons" },
      checking === null
        ? h("button", { type: "button", "data-key": "begin", onclick: move("begin") }, say("begin"))
        : h("button", { type: "button", class: "primary", "data-key": "end", onclick: move("end") }, say("end")),
    ),
    h("ul", { class: "rows" }, ...rows.map(row)),
  );
}

function row(check: CheckResult | CheckRow): HTMLElement {
  const { kind, point, state, failure, ms } = check;
  const what =
    kind === "contacts" ? say("checkContacts") : say(kind === "block" ? "checkBlock" : "checkHalt", { point });
  const took = ms === null ? "" : ` ${say("in", { n: ms })}`;
  const stands = `${named(checkStateTexts[state])}${took}`;
  return h(
    "li",
    { "data-key": `${kind}-${point}` },
    h("span", {}, what, "by" in check && h("small", {}, `${new Date(check.at).toLocaleString(locale())} ${check.by}`)),
    toned(tones[state], failure === null ? stands : pair(stands, named(checkFailureTexts[failure]))),
  );
}
