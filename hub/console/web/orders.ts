// Orders to the boxes: asked for with a reason, sent, and those that wait for a second person.

import type { ErrorText } from "../../../config/error-text.js";
import { postureTexts, riskTexts } from "../../../config/kinds.js";
import { errorTexts } from "../../../config/texts.js";
import { actTexts, workOrderMoveTexts } from "../../../config/words.js";
import { h } from "../../../edge/page/dom.js";
import { toned } from "../../../edge/page/tone.js";
import type { ObstacleView } from "../standing-views.js";
import type { CommandView, EdgeView } from "../views.js";
import { call } from "./api.js";
import { when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say, word } from "./language.js";
import { askAndOrder, type Box, may, order, smallButton } from "./ordering.js";
import { edgeKey, type Known, placeKey } from "./store.js";
import { commandStateTexts } from "./texts.js";

const commandsShownMax = 6;
export type Group = EdgeView["groups"][number];
export type Area = EdgeView["areas"][number];

export function barrierName(known: Known, box: Box, id: string): string {
  const barrier = known.barriers.get(placeKey(box, id));
  return barrier === undefined ? id : named(barrier.name);
}

export function zoneName(known: Known, box: Box, id: string): string {
  const zone = known.zones.get(placeKey(box, id));
  return zone === undefined ? id : named(zone.name);
}

export function askLockDown(context: Context, box: Box, group: Group): void {
  const barriers = group.barriers.map((id) => barrierName(context.known, box, id)).join(", ");
  const question = {
    title: say("lockDownTitle", { group: named(group.name) }),
    body: say("lockDownBody", { barriers }),
    confirm: say("lockDown"),
    danger: true,
    reason: say("lockDownReason"),
  };
  void askAndOrder(context, box, question, () => ({ kind: "lock-down", group: group.id }));
}

export function askStandDown(context: Context, box: Box, group: Group): void {
  const held = group.barriers.filter((id) => context.known.barriers.get(placeKey(box, id))?.held ?? true);
  const question = {
    title: say("standDownTitle", { group: named(group.name) }),
    body: say("standDownBody"),
    confirm: say("sendRequest"),
    danger: false,
    reason: "",
    choices: { label: say("lanes"), of: held.map((id) => ({ id, name: barrierName(context.known, box, id) })) },
  };
  void askAndOrder(context, box, question, ({ chosen }) => ({
    kind: "stand-down",
    group: group.id,
    barriers: chosen,
  }));
}

export function askArming(context: Context, box: Box, area: Area): void {
  const kind = area.armed ? "disarm" : "arm";
  const question = {
    title: say("areaTitle", { act: say(kind), area: named(area.name) }),
    body: say("areaBody"),
    confirm: say(kind),
    danger: area.armed,
    reason: "",
  };
  void askAndOrder(context, box, question, () => ({ kind, area: area.id }));
}

export function askReset(context: Context, box: Box, incident: string): void {
  const question = {
    title: say("resetTitle"),
    body: say("resetBody"),
    confirm: say("reset"),
    danger: false,
    reason: "",
  };
  void askAndOrder(context, box, question, () => ({ kind: "reset", incident }));
}

/** At once: quiet must not wait for typing. */
export function silence(context: Context, box: Box): void {
  order(context, box, { kind: "silence" }, { reason: say("silenceReason") });
}

/** What a command is about, in words: the act and its object. */
export function commandTitle(known: Known, command: CommandView): string {
  const { act } = command;
  const box = known.edges.get(edgeKey(command));
  const object = (id: string, of: readonly (Group | Area)[] = []) => {
    const found = of.find((candidate) => candidate.id === id);
    return found === undefined ? id : named(found.name);
  };
  const what = word(actTexts, act.kind);
  if ("group" in act) return `${what} · ${object(act.group, box?.groups)}`;
  if ("area" in act) return `${what} · ${object(act.area, box?.areas)}`;
  if ("zone" in act) return `${what} · ${zoneName(known, command, act.zone)}`;
  if ("barrier" in act) return `${what} · ${barrierName(known, command, act.barrier)}`;
  if (act.kind === "work-order") return `${word(workOrderMoveTexts, act.to)} · ${act.number}`;
  if (act.kind === "set-posture") return `${what} · ${word(postureTexts, act.level)}`;
  if (act.kind === "declare-risk") return `${what} · ${word(riskTexts, act.colour)}`;
  return `${what} · ${box === undefined ? command.edge : named(box.name)}`;
}

/** The lanes that a stand-down frees; empty for other acts. */
function lanesOf(known: Known, command: CommandView): string {
  const lanes = command.act.kind === "stand-down" ? command.act.barriers : [];
  return lanes.map((id) => barrierName(known, command, id)).join(", ");
}

/** What the command's error code says, what stands against it and what to do about it; empty without a code. */
export function whyRefused({ code, obstacles }: CommandView): string {
  const known: Readonly<Record<string, ErrorText>> = errorTexts;
  const text = known[code];
  const why = obstacles.map(obstacleText).join("; ");
  return text === undefined ? code : [named(text.message), why, named(text.remedy)].filter((part) => part).join(" ");
}

export function obstacleText({ name, text }: ObstacleView): string {
  return say("obstacle", { name: named(name), text: named(text) });
}

/** The box wants two: the same order again, as a request to a second person. */
function askSecond(context: Context, command: CommandView): HTMLElement | null {
  const isOwn = command.issuers.includes(context.person.user);
  if (command.code !== "command.needs-two-persons" || !isOwn || !may(context, command.act.kind)) return null;
  const what = commandTitle(context.known, command);
  const { act, reason } = command;
  return smallButton(
    say("secondPerson"),
    () => order(context, command, act, { reason, dual: true }),
    say("secondPersonNamed", { what }),
  );
}

function decide(context: Context, command: CommandView, decision: "approve" | "refuse"): void {
  void context.attempt(async () => {
    await call("POST", `commands/${encodeURIComponent(command.id)}/${decision}`);
  });
}

function requestLine(command: CommandView): string {
  const user = command.issuers.join(", ");
  return say("requestedBy", { user, time: when(command.createdAt), reason: command.reason });
}

function pendingRow(context: Context, command: CommandView): HTMLElement {
  const what = commandTitle(context.known, command);
  const isOwn = command.issuers.includes(context.person.user);
  return h(
    "li",
    { "data-key": command.id },
    h("h3", {}, what),
    h("p", {}, lanesOf(context.known, command)),
    h("p", { class: "minor" }, requestLine(command)),
    isOwn && h("p", { class: "minor" }, say("askedByYou")),
    h(
      "button",
      {
        type: "button",
        class: isOwn ? "" : "primary",
        "aria-label": say("approveNamed", { what }),
        onclick: () => decide(context, command, "approve"),
      },
      say("approve"),
    ),
    h(
      "button",
      {
        type: "button",
        "aria-label": say(isOwn ? "withdrawNamed" : "refuseNamed", { what }),
        onclick: () => decide(context, command, "refuse"),
      },
      say(isOwn ? "withdraw" : "refuse"),
    ),
  );
}

const commandTones = {
  "awaiting-approval": "warn",
  sent: "move",
  done: "good",
  refused: "alert",
  expired: "warn",
} as const;

function commandRow(context: Context, command: CommandView): HTMLElement {
  return h(
    "li",
    { "data-key": command.id },
    h("h3", {}, commandTitle(context.known, command)),
    toned(commandTones[command.state] ?? "warn", word(commandStateTexts, command.state)),
    command.code !== "" && h("p", { class: "because" }, whyRefused(command)),
    askSecond(context, command),
    h("p", { class: "minor" }, requestLine(command)),
  );
}

/** Commands that wait for a second person; absent when there are none. */
export function pendingView(context: Context): HTMLElement | null {
  const waiting = [...context.known.commands.values()].filter(({ state }) => state === "awaiting-approval");
  if (waiting.length === 0) return null;
  return h(
    "section",
    { "data-key": "pending", class: "card pending", "aria-labelledby": "pending-title" },
    h("h2", { id: "pending-title" }, say("pending")),
    h("ul", { class: "rows" }, ...waiting.map((command) => pendingRow(context, command))),
  );
}

export function commandsView(context: Context): HTMLElement | null {
  const done = [...context.known.commands.values()].filter(({ state }) => state !== "awaiting-approval");
  if (done.length === 0) return null;
  const newest = done.sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, commandsShownMax);
  return h(
    "section",
    { "data-key": "commands", class: "card", "aria-labelledby": "commands-title" },
    h("h2", { id: "commands-title" }, say("commands")),
    h("ul", { class: "rows" }, ...newest.map((command) => commandRow(context, command))),
  );
}
