// Areas: armed or not, and when arming is prevented, what stands against it and what may be done about it.
import type { Act, Obstacle } from "../../../../model/command.js";
import type { Text } from "../../../../model/text.js";
import { h } from "../../../../page/dom.js";
import { named, pair } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import { Refusal } from "../../api.js";
import type { Context } from "../../context.js";
import { actButton, actName, askAndGive, card, leftMs, nameOf, span } from "./parts.js";
import { say } from "./texts.js";

type ShownObstacle = Obstacle & { readonly text: Text };

let prevented: { readonly area: string; readonly obstacles: readonly ShownObstacle[] } | null = null;

export function areasCard(context: Context): HTMLElement {
  const rows = context.site.areas.map((area) => areaRow(area, context));
  return card("areas", say("areas"), h("ul", { class: "rows" }, ...rows));
}

function areaRow({ id, name }: Context["site"]["areas"][number], context: Context): HTMLElement {
  const durable = context.status?.durable;
  const isArmed = durable?.armed[id] === true;
  const [arming, entry] = [durable?.arming[id], durable?.entries[id]];
  const about = named(name);
  const isOn = isArmed || arming !== undefined;
  const act = isOn ? ("disarm" as const) : ("arm" as const);
  if (isOn && prevented?.area === id) prevented = null;
  return h(
    "li",
    { "data-key": id },
    h("strong", {}, about),
    h(
      "div",
      { class: "buttons" },
      isArmed ? toned("good", say("armed")) : toned("idle", say("disarmed")),
      arming !== undefined && toned("move", say("arming", { left: span(leftMs(context, arming.until)) })),
      entry !== undefined && toned("alert", say("entering", { left: span(leftMs(context, entry.until)) })),
      durable?.armFailed[id] !== undefined && toned("warn", say("armFailed")),
      actButton(context, act, { label: actName(act), about }, () => (isOn ? askDisarm(id, context) : arm(id, context))),
    ),
    prevented?.area === id && preventedView(prevented, context),
  );
}

/** Asks nothing: what stands against it is told. */
function arm(area: string, context: Context, despite = false): void {
  const act: Act = despite ? { kind: "arm", area, despite } : { kind: "arm", area };
  void context.attempt(async () => {
    try {
      await context.send({ act, reason: "" });
      prevented = null;
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "arming.prevented") throw error;
      prevented = { area, obstacles: (error.body["obstacles"] ?? []) as readonly ShownObstacle[] };
    }
    context.redraw();
  });
}

function askDisarm(area: string, context: Context): void {
  const question = {
    title: say("disarmTitle", { area: nameOf(context, area) }),
    body: say("disarmBody"),
    confirm: actName("disarm"),
    danger: false,
    reason: null,
  };
  void askAndGive(context, question, () => ({ kind: "disarm", area }));
}

function preventedView({ area, obstacles }: NonNullable<typeof prevented>, context: Context): HTMLElement {
  const dismiss = () => {
    prevented = null;
    context.redraw();
  };
  return h(
    "div",
    { class: "prevented", role: "alert" },
    h("p", {}, say("prevented", { area: nameOf(context, area) })),
    h("ul", { class: "rows" }, ...obstacles.map((obstacle) => obstacleRow(obstacle, context))),
    h(
      "div",
      { class: "buttons" },
      actButton(context, "arm", { label: actName("arm"), about: nameOf(context, area), kind: "primary" }, () =>
        arm(area, context),
      ),
      mayAccept(context) && despiteButton(area, context),
      h("button", { type: "button", onclick: dismiss }, say("dismiss")),
    ),
  );
}

/** As the box asks it: more than an operator. */
function mayAccept({ person }: Context): boolean {
  return person?.roles.some((role) => role === "supervisor" || role === "administrator") === true;
}

function despiteButton(area: string, context: Context): HTMLElement {
  const label = say("armDespite");
  return h(
    "div",
    {},
    actButton(context, "arm", { label, about: nameOf(context, area), kind: "danger" }, () => arm(area, context, true)),
    h("small", {}, say("armDespiteBody")),
  );
}

function obstacleRow({ subject, why, text }: ShownObstacle, context: Context): HTMLElement {
  const isZone = context.site.zones.some(({ id }) => id === subject);
  const zone = nameOf(context, subject);
  const inhibit = { label: actName("inhibit"), about: zone };
  const question = {
    title: say("inhibitTitle", { zone }),
    body: say("inhibitBody"),
    confirm: actName("inhibit"),
    danger: false,
    reason: "",
  };
  return h(
    "li",
    { "data-key": `${subject}-${why}` },
    h("span", {}, pair(zone, named(text))),
    isZone &&
      actButton(
        context,
        "inhibit",
        inhibit,
        () => void askAndGive(context, question, () => ({ kind: "inhibit", zone: subject })),
      ),
  );
}
