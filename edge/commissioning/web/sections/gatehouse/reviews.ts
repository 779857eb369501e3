// Passes of emergency vehicles that nobody has looked at yet: who, why, how long; signed off by who leads the shift.

import { roleTexts } from "../../../../../config/words.js";
import type { WorkOrder } from "../../../../model/durable.js";
import { timeLeft } from "../../../../model/time.js";
import { h } from "../../../../page/dom.js";
import { word } from "../../../../page/language.js";
import type { Context } from "../../context.js";
import { actButton, askAndGive, card, clockTime, minor, nameOf, span } from "./parts.js";
import { say } from "./texts.js";

export function reviewsCard(context: Context): HTMLElement | null {
  const orders = Object.values(context.status?.durable.workOrders ?? {}).filter(({ cause }) => cause === "review");
  if (orders.length === 0) return null;
  return card(
    "reviews",
    say("reviews"),
    h("ul", { class: "rows" }, ...orders.map((order) => reviewRow(order, context))),
  );
}

function reviewRow(order: WorkOrder, context: Context): HTMLElement {
  const { number, pass, device } = order;
  const lane = nameOf(context, pass?.barrier ?? device);
  return h(
    "li",
    { "data-key": number },
    h(
      "div",
      {},
      h("strong", {}, `${lane} · ${number}`),
      pass !== undefined && h("p", {}, say("reviewLine", { by: pass.by, reason: pass.reason })),
      pass !== undefined && h("small", {}, spanOf(pass)),
    ),
    isOpen(order, context) ? minor(say("reviewWaits")) : signButton(order, context),
  );
}

function spanOf({ openedAt, closedAt }: NonNullable<WorkOrder["pass"]>): string {
  const from = clockTime(openedAt);
  if (closedAt === null) return say("reviewOpen", { from });
  return say("reviewTime", { from, long: span(timeLeft(closedAt, openedAt).leftMs) });
}

function isOpen({ pass }: WorkOrder, { status }: Context): boolean {
  return pass !== undefined && status?.durable.passes[pass.barrier] !== undefined && pass.closedAt === null;
}

/** The box asks the same: a supervisor, and not the one who let it pass. */
function signButton({ number, pass }: WorkOrder, context: Context): HTMLElement {
  const { person } = context;
  const leads = person === null || person.roles.some((role) => role === "supervisor" || role === "administrator");
  if (!leads) {
    const roles = person.roles.map((role) => word(roleTexts, role)).join(", ");
    return minor(say("notYours", { act: say("reviewSign"), roles }));
  }
  if (person !== null && person.name === pass?.by) return minor(say("reviewBody"));
  const question = {
    title: say("reviewTitle", { number }),
    body: say("reviewBody"),
    confirm: say("reviewSign"),
    danger: false,
    reason: null,
    fields: [{ name: "note", label: say("reviewNote") }],
  };
  const sign = () =>
    void askAndGive(context, question, ({ value }) => ({
      kind: "work-order",
      number,
      to: "verified",
      note: value("note"),
    }));
  return actButton(context, "work-order", { label: say("reviewSign"), about: number }, sign);
}
