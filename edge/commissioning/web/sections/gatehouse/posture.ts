// Posture and drill: which level holds and who decreed it, what runs as exercise, and how both are changed.
import { postureTexts } from "../../../../../config/kinds.js";
import { type PostureLevel, postureLevels } from "../../../../model/plan.js";
import { h } from "../../../../page/dom.js";
import { named, word } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { actButton, actName, askAndGive, card, give, leftMs, minor, nameOf, span } from "./parts.js";
import { say } from "./texts.js";

const tones: Readonly<Record<PostureLevel, Tone>> = {
  normal: "idle",
  "level-3": "warn",
  "level-2": "warn",
  "level-1": "alert",
};
const minuteMs = 60_000;

export function postureCard(context: Context): HTMLElement | null {
  const durable = context.status?.durable;
  if (durable === undefined) return null;
  const { level, issuer, reference, by } = durable.posture;
  const change = { label: say("changePosture"), about: say("posture") };
  return card(
    "posture",
    say("posture"),
    h(
      "div",
      { class: "buttons" },
      toned(tones[level], word(postureTexts, level)),
      issuer !== "" && minor(say("postureLine", { issuer, reference, by })),
      actButton(context, "set-posture", change, () => askPosture(level, context)),
    ),
    drillView(context),
  );
}

function askPosture(level: PostureLevel, context: Context): void {
  const question = {
    title: say("changePosture"),
    body: say("postureBody"),
    confirm: say("changePosture"),
    danger: true,
    reason: null,
    fields: [
      {
        name: "level",
        label: say("level"),
        value: level,
        options: postureLevels.map((value) => ({ value, label: word(postureTexts, value) })),
      },
      { name: "issuer", label: say("issuer") },
      { name: "reference", label: say("reference") },
      { name: "leader", label: say("leader"), only: { of: "level", values: ["level-1"] } },
    ],
  };
  void askAndGive(context, question, ({ value }) => ({
    kind: "set-posture",
    level: value("level") as PostureLevel,
    issuer: value("issuer"),
    reference: value("reference"),
    leader: value("leader") === "" ? null : value("leader"),
  }));
}

function drillView(context: Context): HTMLElement {
  const drill = context.status?.durable.drill ?? null;
  if (drill === null) {
    const start = { label: actName("start-drill"), about: say("posture") };
    return h(
      "div",
      { "data-key": "drill", class: "buttons" },
      minor(say("noDrill")),
      actButton(context, "start-drill", start, () => askDrill(context)),
    );
  }
  const { id, by, until, suspendedBy } = drill;
  return h(
    "div",
    { "data-key": "drill", class: "buttons", role: "status" },
    suspendedBy === null
      ? h("span", { class: "tag exercise" }, say("drillRuns", { drill: id, by, left: span(leftMs(context, until)) }))
      : toned("alert", say("drillSuspended", { zone: nameOf(context, suspendedBy) })),
    actButton(context, "end-drill", { label: actName("end-drill"), about: id }, () =>
      give(context, { kind: "end-drill" }),
    ),
  );
}

function askDrill(context: Context): void {
  const question = {
    title: actName("start-drill"),
    body: say("drillBody"),
    confirm: actName("start-drill"),
    danger: true,
    reason: null,
    choices: {
      label: say("zones"),
      of: context.site.zones.map(({ id, name }) => ({ id, name: named(name) })),
      ticked: false,
    },
    fields: [
      { name: "drill", label: say("drillName") },
      { name: "minutes", label: say("minutes"), value: "60", number: { min: 1, max: 720 } },
    ],
  };
  void askAndGive(context, question, ({ chosen, value }) => ({
    kind: "start-drill",
    drill: value("drill"),
    zones: chosen,
    forMs: Number(value("minutes")) * minuteMs,
  }));
}
