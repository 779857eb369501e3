// Lanes and barriers: what is not closed, lock-down and stand-down, and the one lane that is opened for an emergency vehicle.
import { barrierStateTexts } from "../../../../../config/words.js";
import type { BarrierState, LockDown } from "../../../../model/durable.js";
import { needsTwo } from "../../../../model/rights.js";
import { h } from "../../../../page/dom.js";
import { named, word } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { Context } from "../../context.js";
import { actButton, actName, askAndGive, askTwoAndGive, card, clockTime, leftMs, nameOf, span } from "./parts.js";
import { sealView } from "./seal.js";
import { say } from "./texts.js";

const tones: Partial<Record<BarrierState, Tone>> = {
  open: "idle",
  closed: "good",
  closing: "move",
  opening: "move",
  obstructed: "alert",
};
const minuteMs = 60_000;

type Barrier = Context["site"]["barriers"][number];

/** First on the page: who needs it must not look for it. */
export function lockDownCard(context: Context): HTMLElement | null {
  const { groups } = context.site;
  if (groups.length === 0) return null;
  const title = actName("lock-down");
  return card("lock-down", title, ...groups.map((group) => groupView(group, context)), sealView(context));
}

export function lanesCard(context: Context): HTMLElement {
  const { barriers } = context.site;
  const open = barriers.filter(({ id }) => stateOf(context, id) !== "closed").map(({ name }) => named(name));
  return card(
    "barriers",
    say("barriers"),
    open.length === 0 ? toned("good", say("allClosed")) : h("p", {}, say("notClosed", { names: open.join(", ") })),
    h("ul", { class: "rows" }, ...barriers.map((barrier) => barrierRow(barrier, context))),
  );
}

function stateOf({ status }: Context, barrier: string): BarrierState {
  return status?.durable.barriers[barrier] ?? "unknown";
}

function lockDownOf({ status }: Context, barrier: string): LockDown | undefined {
  return Object.values(status?.durable.lockDowns ?? {}).find(({ barriers }) => barriers.includes(barrier));
}

function groupView(group: Context["site"]["groups"][number], context: Context): HTMLElement {
  const { id, name } = group;
  const held = context.status?.durable.lockDowns[id];
  const about = named(name);
  const kind = held === undefined ? "large danger" : "danger";
  const lockDown = { label: say("lockDown", { group: about }), about, kind } as const;
  const standDown = { label: actName("stand-down"), about };
  return h(
    "div",
    { "data-key": `group-${id}`, class: "group" },
    held === undefined ? false : toned("alert", say("heldSince", { group: about, at: clockTime(held.since) })),
    actButton(context, "lock-down", lockDown, () => askLockDown(group, context)),
    held === undefined ? false : actButton(context, "stand-down", standDown, () => askStandDown(held, context)),
  );
}

/** Asks once and for no reason: it must not wait. */
function askLockDown({ id, name, barriers }: Context["site"]["groups"][number], context: Context): void {
  const group = named(name);
  const question = {
    title: say("lockDownTitle", { group }),
    body: say("lockDownBody", { barriers: barriers.map((barrier) => nameOf(context, barrier)).join(", ") }),
    confirm: say("lockDownYes"),
    danger: true,
    reason: null,
  };
  void askAndGive(context, question, () => ({ kind: "lock-down", group: id }));
}

function askStandDown({ group, barriers }: LockDown, context: Context): void {
  const question = {
    title: say("standDownTitle", { group: nameOf(context, group) }),
    body: say("standDownBody"),
    confirm: actName("stand-down"),
    danger: true,
    reason: "",
    choices: {
      label: say("lanes"),
      of: barriers.map((id) => ({ id, name: nameOf(context, id) })),
      ticked: barriers.length === 1,
    },
  };
  void askTwoAndGive(context, question, ({ chosen }) => ({ kind: "stand-down", group, barriers: chosen }));
}

function barrierRow({ id, name, dualOpen }: Barrier, context: Context): HTMLElement {
  const state = stateOf(context, id);
  const isHeld = lockDownOf(context, id) !== undefined;
  const pass = context.status?.durable.passes[id];
  const about = named(name);
  const letPass = { label: actName("let-pass"), about };
  const open = { label: actName("open"), about };
  const held = isHeld && (state === "closed" ? toned("good", say("held")) : toned("alert", say("heldOpen")));
  return h(
    "li",
    { "data-key": id },
    h("strong", {}, about),
    h("div", { class: "buttons" }, held, toned(tones[state] ?? "warn", word(barrierStateTexts, state))),
    pass !== undefined &&
      h(
        "p",
        { class: "passing", role: "timer" },
        toned("alert", say("passOpen", { by: pass.by, left: span(leftMs(context, pass.until)) })),
      ),
    isHeld && pass === undefined && actButton(context, "let-pass", letPass, () => askLetPass(id, about, context)),
    !isHeld && state !== "open" && actButton(context, "open", open, () => askOpen({ id, about, dualOpen }, context)),
  );
}

function askLetPass(barrier: string, lane: string, context: Context): void {
  const question = {
    title: say("passTitle", { lane }),
    body: say("passBody"),
    confirm: actName("let-pass"),
    danger: true,
    reason: "",
    fields: [{ name: "minutes", label: say("passMinutes"), value: "2", number: { min: 1, max: 10 } }],
  };
  void askAndGive(context, question, ({ value }) => ({
    kind: "let-pass",
    barrier,
    forMs: Number(value("minutes")) * minuteMs,
  }));
}

interface Opening {
  readonly id: string;
  readonly about: string;
  readonly dualOpen: boolean | undefined;
}

function askOpen({ id, about, dualOpen = false }: Opening, context: Context): void {
  const posture = context.status?.durable.posture.level ?? "normal";
  const isDual = needsTwo("open", { posture, dualOpen });
  const question = {
    title: say("openTitle", { barrier: about }),
    body: say(isDual ? "openBodyTwo" : "openBody"),
    confirm: actName("open"),
    danger: false,
    reason: "",
  };
  void (isDual ? askTwoAndGive : askAndGive)(context, question, () => ({ kind: "open", barrier: id }));
}
