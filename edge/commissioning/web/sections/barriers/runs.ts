// Test runs and hold-to-run of one barrier, and what they measured.
import { endTexts, verdictTexts, wayTexts } from "../../../../../config/drive-words.js";
import { obstacleTexts, reasonTexts } from "../../../../../config/words.js";
import { ask } from "../../../../page/ask.js";
import { h } from "../../../../page/dom.js";
import { locale, named, pair, word } from "../../../../page/language.js";
import { type Tone, toned } from "../../../../page/tone.js";
import type { RunRow, RunSummary } from "../../../drives.js";
import type { DriveRunOffer, DriveView } from "../../../questions/drives.js";
import type { Context } from "../../context.js";
import { agreedLeftMs, agreedMsMax, agreeToHold, heldKey } from "./hold-button.js";
import { askSecond } from "./second.js";
import { say } from "./texts.js";

const tones: Readonly<Record<RunSummary["verdict"], Tone>> = { passed: "good", slow: "warn", "not-reached": "alert" };

const wayOf = ({ direction, mode }: Pick<DriveRunOffer, "direction" | "mode">) =>
  named(wayTexts[`${direction}/${mode}`]);

function againstText({ against }: DriveRunOffer, { site }: Context): string {
  const things = [...site.barriers, ...site.areas, ...site.groups];
  const nameOf = (subject: string) => {
    const name = things.find(({ id }) => id === subject)?.name;
    return name === undefined ? subject : named(name);
  };
  const found = against.map(({ subject, why }) => pair(nameOf(subject), word(obstacleTexts, why)));
  return say("against", { why: [...new Set(found)].join(say("between")) });
}

export function runsCard(drive: DriveView, context: Context): HTMLElement {
  const { barrier, underWay, offers } = drive;
  const runs = offers.filter(
    ({ kind, against }) => kind === "run" && !against.some(({ why }) => why === "no-emergency-drive"),
  );
  const buttons = runs.map((offer) =>
    h(
      "button",
      {
        type: "button",
        "data-key": `${offer.direction}-${offer.mode}`,
        disabled: offer.against.length > 0,
        onclick: () => void context.attempt(() => run(drive, offer, context)),
      },
      wayOf(offer),
    ),
  );
  const isStopped = runs.every(({ against }) => against.length > 0);
  const first = runs[0];
  return h(
    "section",
    { "data-key": `runs-${barrier}`, class: "card" },
    h("h2", {}, say("runs")),
    h("p", {}, say("runsWhat")),
    h("div", { class: "buttons", "data-key": "run-buttons" }, ...buttons),
    underWay !== null && h("div", { "data-key": "under-way", class: "buttons" }, ...runUnderWay(drive, context)),
    underWay === null &&
      isStopped &&
      first !== undefined &&
      h("p", { class: "minor", "data-key": "against" }, againstText(first, context)),
  );
}

function runUnderWay({ barrier, underWay }: DriveView, context: Context): readonly HTMLElement[] {
  if (underWay === null) return [];
  const phase = say(underWay.isRunning ? "moves" : "warns");
  const stop = () => context.send({ act: { kind: "end-run", barrier }, reason: say("stop") });
  return [
    toned("move", say("underWay", { way: wayOf(underWay), phase })),
    h("button", { type: "button", class: "danger", onclick: () => void context.attempt(stop) }, say("stop")),
  ];
}

async function run(
  { barrier, name, isDualOpen }: DriveView,
  { direction, mode }: DriveRunOffer,
  context: Context,
): Promise<void> {
  const act = { kind: "test-run", barrier, direction, mode } as const;
  const title = wayOf({ direction, mode });
  const body = say("runBody", { name: named(name) });
  if (direction === "open" && isDualOpen) {
    const answer = await askSecond({ title, body, confirm: say("run") });
    if (answer !== null) await context.send({ act, ...answer });
    return;
  }
  const answer = await ask({ title, body, confirm: say("run"), danger: true, reason: say("reasonRun") });
  if (answer !== null) await context.send({ act, reason: answer.reason });
}

/** Where two persons must agree, the second one agrees before the button can be held. */
function holdButton(drive: DriveView, { direction, against }: DriveRunOffer, context: Context): HTMLElement {
  const key = `${drive.barrier}/${direction}`;
  const isHeld = heldKey() === key;
  const isStopped = !isHeld && against.length > 0;
  const leftMs = agreedLeftMs(key);
  if (direction === "open" && drive.isDualOpen && !isHeld && leftMs === null) {
    const onclick = () => void askAgreement(drive, key, context);
    return h("button", { type: "button", "data-key": "agree", disabled: isStopped, onclick }, say("holdAgree"));
  }
  return h(
    "button",
    {
      type: "button",
      class: isHeld ? "hold held" : "hold",
      "data-hold": key,
      "data-key": direction,
      "aria-pressed": String(isHeld),
      disabled: isStopped,
    },
    say(direction === "close" ? "holdClose" : "holdOpen"),
    leftMs !== null && h("small", {}, say("holdAgreed", { n: Math.ceil(leftMs / 1000) })),
  );
}

async function askAgreement({ name }: DriveView, key: string, context: Context): Promise<void> {
  const body = say("holdAgreeBody", { name: named(name), n: agreedMsMax / 1000 });
  const answer = await askSecond({ title: say("holdAgree"), body, confirm: say("agree") });
  if (answer !== null) agreeToHold(key, answer);
  context.redraw();
}

/** `over`: how the last hold of this barrier ended. */
export function holdsCard(drive: DriveView, over: RunRow | null, context: Context): HTMLElement {
  const { barrier, offers, underWay } = drive;
  const holds = offers.filter(({ kind }) => kind === "hold");
  const buttons = holds.map((offer) => holdButton(drive, offer, context));
  const first = holds.find(({ against }) => against.length > 0 && against.every(({ why }) => why !== "there-already"));
  return h(
    "section",
    { "data-key": `holds-${barrier}`, class: "card" },
    h("h2", {}, say("holds")),
    h("p", {}, say("holdsWhat")),
    h("div", { class: "buttons holds", "data-key": "hold-buttons" }, ...buttons),
    underWay?.kind === "hold" &&
      h(
        "p",
        { "data-key": "moving", role: "status" },
        toned("move", say("underWay", { way: wayOf(underWay), phase: say(underWay.isRunning ? "moves" : "warns") })),
      ),
    over !== null &&
      underWay === null &&
      h("p", { "data-key": "over", role: "status" }, say("holdOver", { end: endText(over) })),
    underWay === null &&
      first !== undefined &&
      h("p", { class: "minor", "data-key": "against" }, againstText(first, context)),
  );
}

const msText = (ms: number | null) => (ms === null ? say("notMeasured") : say("ms", { n: ms }));

function endText({ end, reason }: RunRow): string {
  const ended = named(endTexts[end]);
  return reason === null ? ended : say("because", { ended, why: word(reasonTexts, reason) });
}

export function resultsCard({ barrier, summaries, runs }: DriveView): HTMLElement {
  const head = (["way", "worstHead", "datasheet", "proved", "verdict"] as const).map((key) =>
    h("th", { scope: "col" }, say(key)),
  );
  const lines = [...runs].reverse().map((each) =>
    h(
      "li",
      { "data-key": each.id },
      h("span", {}, each.kind === "hold" ? `${say("holds")}, ${wayOf(each)}` : wayOf(each)),
      h(
        "small",
        {},
        say("runLine", {
          at: new Date(each.at).toLocaleString(locale()),
          by: each.by,
          ms: msText(each.ms),
          left: msText(each.leftMs),
          end: endText(each),
        }),
      ),
    ),
  );
  return h(
    "section",
    { "data-key": `results-${barrier}`, class: "card" },
    h("h2", {}, say("results")),
    summaries.length === 0
      ? h("p", { class: "minor", "data-key": "none" }, say("noRuns"))
      : h(
          "table",
          { class: "wide", "data-key": "table" },
          h("thead", {}, h("tr", {}, ...head)),
          h("tbody", {}, ...summaries.map(summaryRow)),
        ),
    runs.length > 0 &&
      h("details", { "data-key": "each" }, h("summary", {}, say("each")), h("ul", { class: "rows" }, ...lines)),
  );
}

function summaryRow(summary: RunSummary): HTMLElement {
  const cell = (
    label: "worstHead" | "datasheet" | "proved" | "verdict",
    ...children: readonly (HTMLElement | string)[]
  ) => h("td", { "data-label": say(label) }, ...children);
  const { runs, worstMs, datasheetMs, provedMs, verdict, isShort } = summary;
  return h(
    "tr",
    { "data-key": `${summary.direction}-${summary.mode}` },
    h("th", { scope: "row" }, wayOf(summary), h("small", {}, say("worst", { n: runs }))),
    cell("worstHead", msText(worstMs)),
    cell("datasheet", msText(datasheetMs)),
    cell("proved", msText(provedMs)),
    cell(
      "verdict",
      h("span", {}, toned(tones[verdict], named(verdictTexts[verdict])), isShort ? h("small", {}, say("short")) : ""),
    ),
  );
}
