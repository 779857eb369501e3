// Lock-out of one barrier: set, shown, cleared by the one who set it or by two persons for an absent one.
import { ask } from "../../../../page/ask.js";
import { h } from "../../../../page/dom.js";
import { locale, named } from "../../../../page/language.js";
import type { DriveView } from "../../../questions/drives.js";
import type { Context } from "../../context.js";
import { askSecond } from "./second.js";
import { say } from "./texts.js";

export function lockOutCard(drive: DriveView, context: Context): HTMLElement {
  const { lockOut, barrier, state } = drive;
  const since = lockOut === null ? "" : new Date(lockOut.since).toLocaleString(locale());
  return h(
    "section",
    { "data-key": `lock-out-${barrier}`, class: lockOut === null ? "card" : "card pending" },
    h("h2", {}, say("lockOut")),
    h("p", {}, say("lockOutWhat")),
    lockOut !== null && h("p", { class: "strong" }, say("lockedBy", { by: lockOut.by, note: lockOut.note, since })),
    lockOut === null && state === "locked-out" && h("p", { class: "strong" }, say("keySwitch")),
    h("div", { class: "buttons" }, ...buttons(drive, context)),
  );
}

function buttons(drive: DriveView, context: Context): readonly HTMLElement[] {
  const { lockOut } = drive;
  const button = (text: string, kind: string, work: () => Promise<void>) =>
    h("button", { type: "button", class: kind, onclick: () => void context.attempt(work) }, text);
  if (lockOut === null) return [button(say("setLockOut"), "danger", () => set(drive, context))];
  const isMine = context.person === null || context.person.name === lockOut.by;
  return [
    isMine
      ? button(say("clearLockOut"), "primary", () => clear(drive, context))
      : button(say("clearFor"), "", () => clearFor(drive, lockOut.by, context)),
  ];
}

async function set({ barrier, name }: DriveView, context: Context): Promise<void> {
  const answer = await ask({
    title: say("setLockOut"),
    body: say("setBody", { name: named(name) }),
    confirm: say("setLockOut"),
    danger: true,
    reason: null,
    fields: [{ name: "note", label: say("note") }],
  });
  if (answer !== null)
    await context.send({ act: { kind: "lock-out", barrier, note: answer.value("note") }, reason: say("reasonLock") });
}

async function clear({ barrier, name }: DriveView, context: Context): Promise<void> {
  const answer = await ask({
    title: say("clearLockOut"),
    body: say("clearBody", { name: named(name) }),
    confirm: say("clearLockOut"),
    danger: true,
    reason: say("reasonClear"),
  });
  if (answer !== null) await context.send({ act: { kind: "clear-lock-out", barrier }, reason: answer.reason });
}

async function clearFor({ barrier, name }: DriveView, by: string, context: Context): Promise<void> {
  const body = say("clearForBody", { name: named(name), by });
  const answer = await askSecond({ title: say("clearFor"), body, confirm: say("clearLockOut") });
  if (answer !== null) await context.send({ act: { kind: "clear-lock-out", barrier }, ...answer });
}
