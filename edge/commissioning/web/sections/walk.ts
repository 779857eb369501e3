// Walk test 步行测试: choose zones and time, then big ticks and a tone while somebody walks along the fence with the phone.
import { h } from "../../../page/dom.js";
import { locale, named, sayFrom } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { WalkReply, WalkRunning } from "../../questions/walk.js";
import type { WalkTestBook } from "../../results.js";
import { beep, hasTone, switchToneOn } from "../beep.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";
import { walkTexts } from "./walk-texts.js";

const say = sayFrom(walkTexts);

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const askEveryMs = { running: 400, idle: 3_000 } as const;
const minutesMax = 720;
const minutesAtFirst = 60;
const resultsShown = 5;

let known: WalkReply | null = null;
let askedAt = Number.NEGATIVE_INFINITY;
let isAsking = false;
let lastHit: string | null = null;

/** Asked for while the section is shown, and quickly while a test runs: the walker waits for the tick. */
function follow(context: Context): void {
  const everyMs = known?.running == null ? askEveryMs.idle : askEveryMs.running;
  if (isAsking || performance.now() - askedAt < everyMs) return;
  isAsking = true;
  askedAt = performance.now();
  const done = () => {
    isAsking = false;
    if (known?.running != null) setTimeout(context.redraw, askEveryMs.running);
    context.redraw();
  };
  // What is not answered is asked again; the page's own banner says that the box is not reached.
  void context
    .call<WalkReply>("GET", "walk-test")
    .then(hear, () => undefined)
    .then(done);
}

function hear(reply: WalkReply): void {
  const before = new Map(known?.running?.zones.map(({ zone, hits }) => [zone, hits]));
  const hit = reply.running?.zones.filter(({ zone, hits }) => hits > (before.get(zone) ?? hits)) ?? [];
  if (hit.length > 0) beep();
  if (reply.running === null) lastHit = null;
  lastHit = hit.at(-1)?.zone ?? lastHit;
  known = reply;
}

function nameOf(zone: string, { site }: Context): string {
  const name = site.zones.find(({ id }) => id === zone)?.name;
  return name === undefined ? zone : named(name);
}

const msText = (value: number | null) => (value === null ? "–" : `${value} ms`);

function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

function tickRow(of: WalkRunning["zones"][number], context: Context): HTMLElement {
  const { zone, hits, worstMs, worstHeardMs } = of;
  const isHit = hits > 0;
  const measured = say("measured", { hits, worst: msText(worstMs), heard: msText(worstHeardMs) });
  return h(
    "li",
    { "data-key": zone, class: isHit ? "tick hit" : "tick" },
    h("span", { class: "mark", "aria-hidden": "true" }, isHit ? "✓" : "○"),
    h("span", {}, nameOf(zone, context), h("small", {}, isHit ? measured : say("notYet"))),
  );
}

function runningView(running: WalkRunning, context: Context): readonly HTMLElement[] {
  const [left, hit] = [false, true].map((want) => running.zones.filter(({ hits }) => hits > 0 === want));
  const end = () => void context.attempt(() => context.send({ act: { kind: "end-walk-test" }, reason: say("title") }));
  const last = running.zones.find(({ zone }) => zone === lastHit);
  const list = (key: "left" | "hit", rows: WalkRunning["zones"] = []) =>
    h(
      "section",
      { "data-key": key, class: "card" },
      h("h2", {}, say(key, { n: rows.length, all: running.zones.length })),
      h("ul", { class: "ticks" }, ...rows.map((row) => tickRow(row, context))),
    );
  return [
    h(
      "section",
      { "data-key": "running", class: "card pending" },
      h("p", { class: "clock", role: "timer" }, timeText(running.leftMs)),
      h("p", {}, say("runningBy", { person: running.person })),
      last === undefined
        ? h("p", { class: "hit-name", "data-key": "none", "aria-live": "polite" }, say("walkNow"))
        : h(
            "p",
            { class: "hit-name hit", "data-key": `${last.zone} ${last.hits}`, "aria-live": "polite" },
            `✓ ${nameOf(last.zone, context)} · ${msText(last.worstHeardMs ?? last.worstMs)}`,
          ),
      known?.chirps === false && h("p", { class: "minor" }, say("noChirp")),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "primary", onclick: end }, say("end")),
        !hasTone() && h("button", { type: "button", onclick: tryTone }, say("toneOn")),
      ),
    ),
    list("left", left),
    list("hit", hit),
  ];
}

function tryTone(): void {
  switchToneOn();
  beep();
}

function choiceOf(zone: WalkReply["zones"][number], context: Context): HTMLElement {
  const { dueInMs, lastAt } = zone;
  const last = lastAt === null ? say("never") : say("lastWalked", { time: dayText(lastAt) });
  const inputProps = { disabled: !zone.canWalk, "data-with-area": zone.withArea };
  return h(
    "label",
    { class: "choice", "data-key": zone.zone },
    h("input", { type: "checkbox", name: "zone", value: zone.zone, ...inputProps }),
    h(
      "span",
      {},
      nameOf(zone.zone, context),
      h("small", {}, !zone.canWalk ? say("protected") : zone.withArea ? last : `${say("atAnyHour")} · ${last}`),
    ),
    dueInMs !== null && dueInMs <= 0 && toned("warn", say("due", { days: Math.max(1, Math.ceil(-dueInMs / dayMs)) })),
  );
}

function dayText(iso: string): string {
  return new Date(iso).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}

/** Ticking an area ticks its zones. */
function tickArea(event: Event): void {
  const box = event.currentTarget;
  if (!(box instanceof HTMLInputElement)) return;
  for (const input of box.closest("fieldset")?.querySelectorAll<HTMLInputElement>("input[data-with-area]") ?? [])
    input.checked = box.checked;
}

function areaFields(context: Context, reply: WalkReply): readonly HTMLElement[] {
  return context.site.areas.flatMap((area) => {
    const ids = context.site.zones.filter((zone) => zone.area === area.id).map(({ id }) => id);
    const zones = reply.zones.filter(({ zone }) => ids.includes(zone));
    if (zones.length === 0) return [];
    const all = h("input", { type: "checkbox", onchange: tickArea });
    return [
      h(
        "fieldset",
        { "data-key": area.id },
        h("legend", {}, h("label", { class: "choice" }, all, h("strong", {}, named(area.name)))),
        ...zones.map((zone) => choiceOf(zone, context)),
      ),
    ];
  });
}

function begin(context: Context, event: Event): void {
  event.preventDefault();
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement)) return;
  const data = new FormData(form);
  const zones = data.getAll("zone").map(String);
  if (zones.length === 0) {
    context.tell(say("chooseZones"));
    return;
  }
  switchToneOn();
  const act = { kind: "start-walk-test", zones, forMs: Number(data.get("minutes")) * minuteMs } as const;
  void context.attempt(async () => {
    await context.send({ act, reason: say("title") });
    askedAt = Number.NEGATIVE_INFINITY;
  });
}

function startView(context: Context, reply: WalkReply): HTMLElement {
  const minutes = { type: "number", name: "minutes", min: 1, max: minutesMax, value: minutesAtFirst, required: true };
  return h(
    "form",
    { "data-key": "start", class: "card", onsubmit: (event) => begin(context, event) },
    h("h2", {}, say("start")),
    h("p", {}, say("startBody")),
    ...areaFields(context, reply),
    h("label", {}, say("minutes"), h("input", { inputmode: "numeric", ...minutes })),
    h("button", { type: "submit", class: "primary" }, say("start")),
  );
}

function resultView(test: WalkTestBook, context: Context): HTMLElement {
  const rows = Object.entries(test.zones).map(([zone, { hits, worstMs, worstHeardMs, result }]) => {
    const isHit = result === "passed";
    const measured = say("measured", { hits, worst: msText(worstMs), heard: msText(worstHeardMs) });
    return h(
      "li",
      { "data-key": zone },
      h("span", {}, nameOf(zone, context), isHit && h("small", {}, measured)),
      isHit ? toned("good", say("triggered")) : toned("alert", say("notTriggered")),
    );
  });
  const missing = Object.values(test.zones).filter(({ result }) => result !== "passed").length;
  const sum = missing === 0 ? toned("good", say("allHit")) : toned("alert", say("missing", { n: missing }));
  return h(
    "details",
    { "data-key": test.at },
    h("summary", {}, `${dayText(test.at)} · ${test.person} `, sum),
    h("ul", { class: "rows" }, ...rows),
  );
}

function view(context: Context): readonly HTMLElement[] {
  follow(context);
  if (known === null) return [h("section", { "data-key": "wait", class: "card" }, say("reading"))];
  const { running, tests } = known;
  const results = h(
    "section",
    { "data-key": "results", class: "card" },
    h("h2", {}, say("results")),
    ...(tests.length === 0 ? [h("p", { class: "minor", "data-key": "none" }, say("noResults"))] : []),
    ...tests.slice(0, resultsShown).map((test) => resultView(test, context)),
  );
  return [...(running === null ? [startView(context, known)] : runningView(running, context)), results];
}

export const walk: Section = {
  id: "walk-test",
  part: "commissioning",
  title: walkTexts.title,
  view,
};
