// Lock-down groups with their barriers: what is closed and held, and what may be opened.
import { barrierKindTexts } from "../../../config/kinds.js";
import { reasonTexts } from "../../../config/words.js";
import { h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { BarrierView, EdgeView } from "../views.js";
import { card, minor, row } from "./cards.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { barrierMark } from "./marks.js";
import { askAndOrder, may, smallButton } from "./ordering.js";
import { askLockDown, askStandDown, type Group } from "./orders.js";
import { edgeKey, placeKey } from "./store.js";

const minuteMs = 60_000;
const passMinutes = { min: 1, max: 10 };

function askLetPass(context: Context, barrier: BarrierView): void {
  const question = {
    title: say("letPassTitle", { barrier: named(barrier.name) }),
    body: say("letPassBody"),
    confirm: say("letPass"),
    danger: true,
    reason: "",
    fields: [{ name: "minutes", label: say("minutes"), value: "5", number: passMinutes }],
  };
  void askAndOrder(context, barrier, question, ({ value }) => {
    return { kind: "let-pass", barrier: barrier.id, forMs: Number(value("minutes")) * minuteMs };
  });
}

function askOpen(context: Context, barrier: BarrierView): void {
  const question = {
    title: say("openTitle", { barrier: named(barrier.name) }),
    body: say("openBody"),
    confirm: say("openLane"),
    danger: true,
    reason: "",
  };
  void askAndOrder(context, barrier, question, () => ({ kind: "open", barrier: barrier.id }));
}

/** A held lane lets an emergency vehicle pass; one that nothing holds is opened. */
function laneButton(context: Context, barrier: BarrierView): HTMLElement | null {
  const name = named(barrier.name);
  if (barrier.held && barrier.pass === null && may(context, "let-pass")) {
    return smallButton(say("letPass"), () => askLetPass(context, barrier), say("letPassNamed", { barrier: name }));
  }
  if (barrier.held || barrier.state === "open" || !may(context, "open")) return null;
  return smallButton(say("openLane"), () => askOpen(context, barrier), say("openNamed", { barrier: name }));
}

function barrierRow(context: Context, barrier: BarrierView): HTMLElement {
  const { id, name, kind, state, held, reason, pass, impactRating } = barrier;
  return row(
    id,
    named(name),
    barrierMark(state),
    reason !== null && h("p", { class: "because" }, word(reasonTexts, reason)),
    pass !== null && h("p", { class: "because" }, say("passing", { time: when(pass.until), by: pass.by })),
    minor(word(barrierKindTexts, kind), held && say("held"), impactRating !== null && impactRating),
    laneButton(context, barrier),
  );
}

export function groupCard(context: Context, box: EdgeView, group: Group): HTMLElement {
  const barriers = group.barriers.flatMap((id) => context.known.barriers.get(placeKey(box, id)) ?? []);
  const closed = barriers.filter(({ state }) => state === "closed").length;
  const anyHeld = group.lockedDown || barriers.some(({ held }) => held);
  return card(
    `group/${edgeKey(box)}/${group.id}`,
    named(group.name),
    h(
      "p",
      { class: "marks" },
      group.lockedDown ? toned("warn", say("lockedDown")) : toned("idle", say("notLockedDown")),
      h("span", {}, say("closedOf", { n: closed, all: barriers.length })),
    ),
    h("ul", { class: "rows" }, ...barriers.map((barrier) => barrierRow(context, barrier))),
    h(
      "div",
      { class: "buttons" },
      h(
        "button",
        { type: "button", class: "danger", onclick: () => askLockDown(context, box, group) },
        say("lockDown"),
      ),
      anyHeld && h("button", { type: "button", onclick: () => askStandDown(context, box, group) }, say("standDown")),
    ),
  );
}

/** Barriers that belong to no group can still be seen. */
export function ungroupedCard(context: Context, box: EdgeView): HTMLElement | null {
  const grouped = new Set(box.groups.flatMap(({ barriers }) => barriers));
  const others = [...context.known.barriers.values()].filter(
    (view) => edgeKey(view) === edgeKey(box) && !grouped.has(view.id),
  );
  if (others.length === 0) return null;
  const rows = others.map((barrier) => barrierRow(context, barrier));
  return card(`barriers/${edgeKey(box)}`, say("barriers"), h("ul", { class: "rows" }, ...rows));
}
