// "Seal now?": asked of the box at a press, and shown with its age.
import { reasonTexts } from "../../../../../config/words.js";
import { h } from "../../../../page/dom.js";
import { listed, named, pair } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import type { SealReply } from "../../../questions.js";
import type { Context } from "../../context.js";
import { minor } from "./parts.js";
import { say } from "./texts.js";

/** What was true so long ago is shown no more. */
const shownMs = 60_000;

interface Answer {
  readonly reply: SealReply;
  readonly at: number;
  /** Which groups were held then. */
  readonly held: string;
}

let answer: Answer | null = null;

const heldNow = ({ status }: Context) => Object.keys(status?.durable.lockDowns ?? {}).join();

export function sealView(context: Context): HTMLElement {
  const askBox = () =>
    void context.attempt(async () => {
      answer = { reply: await context.call<SealReply>("GET", "seal"), at: performance.now(), held: heldNow(context) };
      context.redraw();
    });
  return h(
    "div",
    { "data-key": "seal", class: "group" },
    h("button", { type: "button", onclick: askBox }, say("sealAsk")),
    h("div", { role: "status" }, ...answerLines(context)),
  );
}

/** A lock-down since then makes it idle. */
function answerLines(context: Context): readonly HTMLElement[] {
  if (answer === null || performance.now() - answer.at > shownMs || answer.held !== heldNow(context)) return [];
  const { reply, at } = answer;
  if (reply.groups.length === 0) return [minor(say("sealNone"))];
  return [...reply.groups.map(groupLine), minor(say("sealAge", { n: Math.round((performance.now() - at) / 1000) }))];
}

function groupLine({ group, name, ok, totalMs, barriers }: SealReply["groups"][number]): HTMLElement {
  const against = barriers.filter(({ obstacles }) => obstacles.length > 0);
  return h(
    "div",
    { "data-key": group },
    ok
      ? toned("good", say("sealYes", { group: named(name), n: Math.ceil(totalMs / 1000) }))
      : toned("alert", say("sealNo", { group: named(name) })),
    h("ul", {}, ...against.map((each) => h("li", {}, pair(named(each.name), listed(each.obstacles, reasonTexts))))),
  );
}
