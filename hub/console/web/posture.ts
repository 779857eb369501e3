// The strip over everything: which posture and risk hold at which box, who decreed them, and how they are changed.
import { postureTexts, riskTexts } from "../../../config/kinds.js";
import type { Act } from "../../../edge/model/command.js";
import { type PostureLevel, postureLevels, type RiskColour, riskColours } from "../../../edge/model/plan.js";
import { type Answer, ask, type Field, type Question } from "../../../edge/page/ask.js";
import { h } from "../../../edge/page/dom.js";
import { type Tone, toned } from "../../../edge/page/tone.js";
import type { PostureView } from "../standing-views.js";
import type { EdgeView } from "../views.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { may, order, smallButton } from "./ordering.js";
import { edgeKey } from "./store.js";

const postureTones: Readonly<Record<PostureLevel, Tone>> = {
  normal: "idle",
  "level-3": "warn",
  "level-2": "warn",
  "level-1": "alert",
};
const riskTones: Readonly<Record<RiskColour, Tone>> = { none: "idle", yellow: "warn", orange: "warn", red: "alert" };

/** The same order for every chosen box; the only box need not be chosen. */
async function askBoxes(
  context: Context,
  boxes: readonly EdgeView[],
  question: Question,
  act: (answer: Answer) => Act,
): Promise<void> {
  const of = boxes.map((box) => ({ id: edgeKey(box), name: named(box.name) }));
  const choices = boxes.length > 1 ? { choices: { label: say("atBoxes"), of } } : {};
  const answer = await ask({ ...question, ...choices });
  if (answer === null) return;
  const chosen = boxes.filter((box) => boxes.length === 1 || answer.chosen.includes(edgeKey(box)));
  for (const box of chosen) order(context, box, act(answer));
}

/** Who decrees it, by which paper. */
const decree = (): readonly Field[] => [
  { name: "issuer", label: say("issuer") },
  { name: "reference", label: say("reference") },
];

function askPosture(context: Context, boxes: readonly EdgeView[]): void {
  const options = postureLevels.map((value) => ({ value, label: word(postureTexts, value) }));
  const question = {
    title: say("postureTitle"),
    body: say("postureBody"),
    confirm: say("changePosture"),
    danger: true,
    reason: null,
    fields: [
      { name: "level", label: say("level"), options, value: boxes[0]?.posture.level ?? "normal" },
      ...decree(),
      { name: "leader", label: say("leader"), only: { of: "level", values: ["level-1"] } },
    ],
  };
  void askBoxes(context, boxes, question, ({ value }) => ({
    kind: "set-posture",
    level: value("level") as PostureLevel,
    issuer: value("issuer"),
    reference: value("reference"),
    leader: value("leader") || null,
  }));
}

function askRisk(context: Context, boxes: readonly EdgeView[]): void {
  const options = riskColours.map((value) => ({ value, label: word(riskTexts, value) }));
  const question = {
    title: say("riskTitle"),
    body: say("riskBody"),
    confirm: say("declareRisk"),
    danger: true,
    reason: null,
    fields: [{ name: "colour", label: say("colour"), options, value: boxes[0]?.risk.colour ?? "none" }, ...decree()],
  };
  void askBoxes(context, boxes, question, ({ value }) => ({
    kind: "declare-risk",
    colour: value("colour") as RiskColour,
    issuer: value("issuer"),
    reference: value("reference"),
  }));
}

function decreedBy({ issuer, reference, by, since }: Omit<PostureView, "level" | "leader">): string {
  return since === null ? "" : say("decreed", { issuer, reference, by, time: when(since) });
}

function standing({ posture, risk }: EdgeView, name: string | null): HTMLElement {
  const leader = posture.leader === null ? "" : say("ledBy", { leader: posture.leader });
  const posted = say("postureNow", { word: word(postureTexts, posture.level) });
  const risked = say("riskNow", { word: word(riskTexts, risk.colour) });
  return h(
    "div",
    { class: "standing" },
    name !== null && h("h3", {}, name),
    h(
      "p",
      { class: "marks" },
      toned(postureTones[posture.level] ?? "warn", posted),
      h("span", { class: "minor" }, [decreedBy(posture), leader].filter((part) => part).join(" · ")),
    ),
    h(
      "p",
      { class: "marks" },
      toned(riskTones[risk.colour] ?? "warn", risked),
      h("span", { class: "minor" }, decreedBy(risk)),
    ),
  );
}

/** One line when all boxes agree, else one for each. */
export function postureStrip(context: Context, boxes: readonly EdgeView[]): HTMLElement | null {
  const [first] = boxes;
  if (first === undefined) return null;
  const agree = boxes.every(
    ({ posture, risk }) => posture.level === first.posture.level && risk.colour === first.risk.colour,
  );
  const lines = agree ? [standing(first, null)] : boxes.map((box) => standing(box, named(box.name)));
  return h(
    "section",
    { "data-key": "posture", class: "card strip", "aria-label": say("standing") },
    h("div", {}, ...lines),
    h(
      "div",
      { class: "buttons" },
      may(context, "set-posture") && smallButton(say("changePosture"), () => askPosture(context, boxes)),
      may(context, "declare-risk") && smallButton(say("declareRisk"), () => askRisk(context, boxes)),
    ),
  );
}
