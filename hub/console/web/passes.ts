// Emergency vehicles that were let through a held lane, each with the review that somebody else owes: who, why, how long, and
// what the review says.
import { h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { PassView, WorkOrderView } from "../views.js";
import { card, minor, row } from "./cards.js";
import { between, seconds, when } from "./clock.js";
import { named, say } from "./language.js";
import type { Known } from "./store.js";

const passesShownMax = 12;

/** When and for how long the lane stood open. */
export function passTime({ openedAt, closedAt }: PassView): string {
  const from = when(openedAt);
  if (closedAt === null) return say("passStillOpen", { from });
  return say("passTime", { from, long: seconds(between(openedAt, closedAt), 0) });
}

function passRow(order: WorkOrderView, pass: PassView): HTMLElement {
  const { number, state, by, note, verifiedAt } = order;
  const isReviewed = state === "verified";
  const mark = isReviewed
    ? toned("good", say("passReviewed"))
    : toned("warn", say(pass.closedAt === null ? "passOpen" : "passToReview"));
  return row(
    number,
    named(order.deviceName),
    mark,
    h("p", {}, say("passBy", { by: pass.by, reason: pass.reason })),
    minor(passTime(pass), number),
    isReviewed &&
      h(
        "p",
        { class: "review" },
        say("passReview", { by, time: verifiedAt === null ? "" : when(verifiedAt), note: note || say("noRemark") }),
      ),
  );
}

/** What waits for its review first, then the newest. */
export function passesCard({ workOrders }: Known): HTMLElement | null {
  const passes = [...workOrders.values()].flatMap((order) =>
    order.pass === null ? [] : [{ order, pass: order.pass }],
  );
  if (passes.length === 0) return null;
  const waits = ({ order }: { order: WorkOrderView }) => Number(order.state !== "verified");
  passes.sort((a, b) => waits(b) - waits(a) || b.pass.openedAt.localeCompare(a.pass.openedAt));
  const rows = passes.slice(0, passesShownMax).map(({ order, pass }) => passRow(order, pass));
  return card("passes", say("passes"), h("ul", { class: "rows" }, ...rows));
}
