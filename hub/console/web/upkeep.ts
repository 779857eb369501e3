// What is to be done: open work orders with their next move, rounds with their next time, accepted deviations.
import { dutyKindTexts } from "../../../config/kinds.js";
import { workOrderCauseTexts, workOrderMoveTexts, workOrderStateTexts } from "../../../config/words.js";
import type { WorkOrderMove } from "../../../edge/model/command.js";
import type { WorkOrderState } from "../../../edge/model/durable.js";
import { h } from "../../../edge/page/dom.js";
import { type Tone, toned } from "../../../edge/page/tone.js";
import type { DutyView } from "../standing-views.js";
import type { EdgeView, WorkOrderView } from "../views.js";
import { card, minor, row } from "./cards.js";
import { seconds, when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { askAndOrder, may, smallButton } from "./ordering.js";
import { passTime } from "./passes.js";

const nextMove: Readonly<Record<WorkOrderState, WorkOrderMove | null>> = {
  open: "assigned",
  assigned: "fixed",
  fixed: "verified",
  verified: null,
};
const stateTones: Readonly<Record<WorkOrderState, Tone>> = {
  open: "warn",
  assigned: "move",
  fixed: "move",
  verified: "good",
};

/** A pass is reviewed by looking, once its lane is closed. */
function moveOf({ state, cause, pass }: WorkOrderView): WorkOrderMove | null {
  if (cause !== "review" || state === "verified") return nextMove[state] ?? null;
  return pass !== null && pass.closedAt === null ? null : "verified";
}

const causeOf = ({ cause }: WorkOrderView) => word(workOrderCauseTexts, cause);

function askMove(context: Context, order: WorkOrderView, to: WorkOrderMove): void {
  const { number, deviceName } = order;
  const move = word(workOrderMoveTexts, to);
  const question = {
    title: say("orderTitle", { number, move }),
    body: say("orderBody", { device: named(deviceName), cause: causeOf(order) }),
    confirm: move,
    danger: false,
    reason: null,
    fields: [{ name: "note", label: say("note"), optional: true }],
  };
  void askAndOrder(context, order, question, ({ value }) => {
    return { kind: "work-order", number, to, note: value("note") };
  });
}

function workOrderRow(context: Context, order: WorkOrderView): HTMLElement {
  const { number, openedAt, state, overdue, by, note, pass } = order;
  const move = moveOf(order);
  return row(
    number,
    named(order.deviceName),
    toned(stateTones[state] ?? "warn", word(workOrderStateTexts, state)),
    h("p", {}, causeOf(order)),
    pass !== null && minor(say("passBy", { by: pass.by, reason: pass.reason }), passTime(pass)),
    overdue && h("p", { class: "because" }, say("orderOverdue")),
    minor(say("orderSince", { number, time: when(openedAt) }), by !== "" && say("orderMoved", { by, note })),
    move !== null &&
      may(context, "work-order") &&
      smallButton(
        word(workOrderMoveTexts, move),
        () => askMove(context, order, move),
        say("orderNamed", { move: word(workOrderMoveTexts, move), number }),
      ),
  );
}

/** Orders that are not accepted yet, the oldest first. */
export function workOrdersCard(context: Context): HTMLElement | null {
  const open = [...context.known.workOrders.values()].filter(({ state }) => state !== "verified");
  if (open.length === 0) return null;
  const rows = open.sort((a, b) => a.openedAt.localeCompare(b.openedAt)).map((order) => workOrderRow(context, order));
  return card("work-orders", say("workOrders"), h("ul", { class: "rows" }, ...rows));
}

function askDone(context: Context, duty: DutyView): void {
  const question = {
    title: say("dutyTitle", { duty: named(duty.name) }),
    body: say("dutyBody"),
    confirm: say("dutyDone"),
    danger: false,
    reason: null,
    fields: [{ name: "note", label: say("note"), optional: true }],
  };
  void askAndOrder(context, duty, question, ({ value }) => {
    return { kind: "duty-done", duty: duty.id, note: value("note") };
  });
}

function dutyRow(context: Context, duty: DutyView): HTMLElement {
  const { id, name, kind, dueAt, lastDoneAt, lastDoneBy, missed } = duty;
  return row(
    id,
    named(name),
    missed ? toned("alert", say("dutyMissed")) : toned("good", say("dutyOnTime")),
    minor(
      word(dutyKindTexts, kind),
      dueAt !== null && say("dueAt", { time: when(dueAt) }),
      lastDoneAt !== null && say("lastDone", { time: when(lastDoneAt), by: lastDoneBy ?? "" }),
    ),
    may(context, "duty-done") &&
      smallButton(say("dutyDone"), () => askDone(context, duty), say("dutyDoneNamed", { duty: named(name) })),
  );
}

/** The most urgent first. */
export function dutiesCard(context: Context, boxes: readonly EdgeView[]): HTMLElement | null {
  const duties = boxes
    .flatMap((box) => box.duties)
    .sort((a, b) => Number(b.missed) - Number(a.missed) || (a.dueAt ?? "").localeCompare(b.dueAt ?? ""));
  if (duties.length === 0) return null;
  return card("duties", say("duties"), h("ul", { class: "rows" }, ...duties.map((duty) => dutyRow(context, duty))));
}

/** What was accepted although it breaks the timing proof is always in sight. */
export function deviationsCard(boxes: readonly EdgeView[]): HTMLElement | null {
  const rows = boxes.flatMap((box) =>
    box.deviations.map(({ response, step, target, worstMs, reason, signedBy }) =>
      row(
        `${box.edge}/${response}/${step}/${target}`,
        say("deviation", { step: `${response}/${step}`, target, worst: seconds(worstMs, 1) }),
        null,
        minor(say("signed", { reason, names: signedBy.map(({ name, on }) => `${name} ${on}`).join(", ") })),
      ),
    ),
  );
  return rows.length === 0 ? null : card("deviations", say("deviations"), h("ul", { class: "rows" }, ...rows));
}
