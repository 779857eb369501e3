// Drills and walk tests: the banner over everything that is exercise, and how they begin and end.
import type { Act } from "../../../edge/model/command.js";
import { type Answer, ask, type Field, type Question } from "../../../edge/page/ask.js";
import { h } from "../../../edge/page/dom.js";
import type { EdgeView, ZoneView } from "../views.js";
import { minor, row } from "./cards.js";
import { seconds, when } from "./clock.js";
import type { Context } from "./context.js";
import { named, say } from "./language.js";
import { may, order, smallButton } from "./ordering.js";
import { zoneName } from "./orders.js";
import { edgeKey, type Known } from "./store.js";

const minuteMs = 60_000;
const minutes = (value: string): Field => ({
  name: "minutes",
  label: say("minutes"),
  value,
  number: { min: 1, max: 1440 },
});

function zoneNames(known: Known, box: EdgeView, zones: readonly string[]): string {
  return zones.map((id) => zoneName(known, box, id)).join(", ");
}

/** Stands on top of every view as long as a drill runs anywhere. */
export function drillBanners(known: Known): readonly HTMLElement[] {
  return [...known.edges.values()].flatMap((box) => {
    const { drill } = box;
    if (drill === null) return [];
    const key = { "data-key": `drill/${edgeKey(box)}`, role: "status" };
    if (drill.suspendedBy !== null) {
      const zone = zoneName(known, box, drill.suspendedBy);
      const detail = h("span", {}, say("drillSuspendedDetail", { zone }));
      return [h("div", { ...key, class: "banner" }, h("strong", {}, say("drillSuspended")), detail)];
    }
    const zones = zoneNames(known, box, drill.zones);
    const { id, by, until } = drill;
    const detail = say("drillDetail", { drill: id, box: named(box.name), by, time: when(until), zones });
    return [h("div", { ...key, class: "banner exercise" }, h("strong", {}, say("drillRuns")), h("span", {}, detail))];
  });
}

async function askZones(
  context: Context,
  box: EdgeView,
  { question, act }: { question: Omit<Question, "choices">; act: (answer: Answer) => Act },
): Promise<void> {
  const ofBox = (zone: ZoneView) => edgeKey(zone) === edgeKey(box);
  const of = [...context.known.zones.values()].filter(ofBox).map(({ id, name }) => ({ id, name: named(name) }));
  const answer = await ask({ ...question, choices: { label: say("zones"), of, ticked: false } });
  if (answer !== null) order(context, box, act(answer), { reason: answer.reason });
}

function askDrill(context: Context, box: EdgeView): void {
  const question = {
    title: say("drillTitle", { box: named(box.name) }),
    body: say("drillBody"),
    confirm: say("startDrill"),
    danger: true,
    reason: null,
    fields: [{ name: "drill", label: say("drillName") }, minutes("60")],
  };
  const act = ({ chosen, value }: Answer): Act => {
    return { kind: "start-drill", drill: value("drill"), zones: chosen, forMs: Number(value("minutes")) * minuteMs };
  };
  void askZones(context, box, { question, act });
}

function askWalkTest(context: Context, box: EdgeView): void {
  const question = {
    title: say("walkTestTitle", { box: named(box.name) }),
    body: say("walkTestBody"),
    confirm: say("startWalkTest"),
    danger: false,
    reason: null,
    fields: [minutes("30")],
  };
  const act = ({ chosen, value }: Answer): Act => {
    return { kind: "start-walk-test", zones: chosen, forMs: Number(value("minutes")) * minuteMs };
  };
  void askZones(context, box, { question, act });
}

/** Each zone that was ever walked, the slowest first: the one to be tuned. */
function walkTimes({ zones }: Known, box: EdgeView): HTMLElement | null {
  const tested = [...zones.values()].flatMap((zone) =>
    edgeKey(zone) === edgeKey(box) && zone.tested !== null ? [{ name: named(zone.name), tested: zone.tested }] : [],
  );
  if (tested.length === 0) return null;
  const slowest = ({ tested: { heardMs, latencyMs } }: (typeof tested)[number]) => heardMs ?? latencyMs;
  const lines = tested
    .sort((a, b) => slowest(b) - slowest(a))
    .map(({ name, tested: { at, latencyMs, heardMs } }) => {
      const time = say("walkTime", { zone: name, judged: seconds(latencyMs, 2) });
      const heard = heardMs === null ? "" : ` · ${say("zoneHeard", { heard: seconds(heardMs, 2) })}`;
      return h("li", {}, `${time}${heard} · ${when(at)}`);
    });
  return h("div", { class: "walk-times" }, say("walkTimes"), h("ul", { class: "obstacles" }, ...lines));
}

/** Exercises of one box: what runs, and what may begin or end. */
export function exerciseRow(context: Context, box: EdgeView): HTMLElement {
  const { drill, walkTest } = box;
  const send = (kind: "end-drill" | "end-walk-test") => () => order(context, box, { kind });
  const drillButton =
    drill === null
      ? may(context, "start-drill") && smallButton(say("startDrill"), () => askDrill(context, box))
      : may(context, "end-drill") && smallButton(say("endDrill"), send("end-drill"));
  const walkButton =
    walkTest === null
      ? may(context, "start-walk-test") && smallButton(say("startWalkTest"), () => askWalkTest(context, box))
      : may(context, "end-walk-test") && smallButton(say("endWalkTest"), send("end-walk-test"));
  const left = walkTest?.zones.filter((zone) => !walkTest.tested.includes(zone)) ?? [];
  return row(
    edgeKey(box),
    named(box.name),
    null,
    walkTest !== null &&
      h(
        "p",
        { class: "because" },
        say("walkTestRuns", { n: walkTest.tested.length, all: walkTest.zones.length, time: when(walkTest.until) }),
      ),
    left.length > 0 && minor(say("walkTestLeft", { zones: zoneNames(context.known, box, left) })),
    walkTimes(context.known, box),
    h("div", { class: "buttons" }, drillButton, walkButton),
  );
}
