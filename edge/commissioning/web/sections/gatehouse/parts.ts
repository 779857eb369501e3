// What every card of the gatehouse is made of: its frame, buttons that know who may, names of things, spans of time.
import { actTexts, roleTexts } from "../../../../../config/words.js";
import type { Act, ActKind } from "../../../../model/command.js";
import { mayAct } from "../../../../model/rights.js";
import { type Stamp, timeLeft } from "../../../../model/time.js";
import { type Answer, ask, type Question } from "../../../../page/ask.js";
import { type Child, h } from "../../../../page/dom.js";
import { locale, named, word } from "../../../../page/language.js";
import type { Context, Order } from "../../context.js";
import { secondFields } from "../../sign-in.js";
import { say } from "./texts.js";

export function card(key: string, title: string, ...children: readonly Child[]): HTMLElement {
  return h(
    "section",
    { "data-key": key, class: "card", "aria-labelledby": `${key}-title` },
    h("h2", { id: `${key}-title` }, title),
    ...children,
  );
}

export const minor = (text: string): HTMLElement => h("p", { class: "minor" }, text);

/** Nobody is barred before the box knows who it is. */
export function may({ person }: Context, act: ActKind): boolean {
  return person === null || person.roles.some((role) => mayAct(role, act));
}

interface Button {
  readonly label: string;
  /** What it is about, for a reader who does not see where it stands. */
  readonly about: string;
  readonly kind?: "" | "primary" | "danger" | "large danger";
}

/** A button; for who may not, the words that say so. */
export function actButton(context: Context, act: ActKind, button: Button, onclick: () => void): HTMLElement {
  const { label, about, kind = "" } = button;
  if (may(context, act))
    return h("button", { type: "button", class: kind, "aria-label": `${label} · ${about}`, onclick }, label);
  const roles = (context.person?.roles ?? []).map((role) => word(roleTexts, role)).join(", ");
  return h("span", { class: "minor" }, say("notYours", { act: label, roles }));
}

/** Gives an order; a refusal is shown. */
export function give(context: Context, act: Act, more: Omit<Order, "act"> = { reason: "" }): void {
  void context.attempt(() => context.send({ act, ...more }));
}

/** Asks, then gives the order that follows from the answer. */
export async function askAndGive(context: Context, question: Question, act: (answer: Answer) => Act): Promise<void> {
  const answer = await ask(question);
  if (answer !== null) give(context, act(answer), { reason: answer.reason });
}

/** The same for an order that a second person agrees to with a PIN of their own. */
export async function askTwoAndGive(context: Context, question: Question, act: (answer: Answer) => Act): Promise<void> {
  const answer = await ask({ ...question, extra: secondFields() });
  if (answer === null) return;
  const second = { name: answer.value("second-name"), pin: answer.value("second-pin") };
  give(context, act(answer), { reason: answer.reason, second });
}

/** The name of an act. */
export const actName = (act: ActKind): string => word(actTexts, act);

/** The name of anything that the box guards or drives; what it does not know is shown as it came. */
export function nameOf({ site }: Pick<Context, "site">, id: string): string {
  const things = [
    ...site.zones,
    ...site.areas,
    ...site.barriers,
    ...site.groups,
    ...site.annunciators,
    ...site.channels,
    { id: site.edge, name: site.name },
  ];
  const name = things.find((thing) => thing.id === id)?.name;
  return name === undefined ? id : named(name);
}

/** A span in ms as `m:ss`, from an hour on as `h:mm:ss`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Milliseconds until `at` by the box's clocks; negative when it is past. */
export function leftMs({ status }: Context, at: Stamp): number {
  return status === null ? 0 : timeLeft(at, status.now).leftMs;
}

export function clockTime({ wall }: Stamp): string {
  return new Date(wall).toLocaleString(locale(), { hour12: false });
}
