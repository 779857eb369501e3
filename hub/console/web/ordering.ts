// How an order leaves the page: at once or after a question, and only those that the reader's role may give.
import type { Act, ActKind } from "../../../edge/model/command.js";
import { mayPropose } from "../../../edge/model/rights.js";
import { type Answer, ask, type Question } from "../../../edge/page/ask.js";
import { h } from "../../../edge/page/dom.js";
import type { EdgeView } from "../views.js";
import type { Context, Order } from "./context.js";
import { say } from "./language.js";

export type Box = Pick<EdgeView, "site" | "edge">;

/** The hub checks it again; the page only leaves out what would be refused. */
export function may(context: Context, act: ActKind): boolean {
  return mayPropose(context.person.role, act);
}

/** Sends an order at once. */
export function order(
  context: Context,
  box: Box,
  act: Act,
  more: Pick<Order, "reason" | "dual"> = { reason: "" },
): void {
  void context.attempt(async () => {
    const command = await context.send({ site: box.site, edge: box.edge, act, ...more });
    if (command.state === "awaiting-approval") context.tell(say("requestSent"));
  });
}

/** Sends the act that the answer makes; null sends none. */
export async function askAndOrder(
  context: Context,
  box: Box,
  question: Question,
  act: (answer: Answer) => Act | null,
): Promise<void> {
  const answer = await ask(question);
  const made = answer && act(answer);
  if (made) order(context, box, made, { reason: answer?.reason ?? "" });
}

export function smallButton(label: string, onclick: () => void, spoken = label): HTMLElement {
  return h("button", { type: "button", class: "small", "aria-label": spoken, onclick }, label);
}
