// Barriers 阻车设施: one drive at a time, locked out, tried, held by hand, its interlocks checked.
import { barrierStateTexts } from "../../../../config/words.js";
import { h } from "../../../page/dom.js";
import { named, word } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { RunRow } from "../../drives.js";
import type { DrivesReply, DriveView } from "../../questions/drives.js";
import { Refusal } from "../api.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";
import { checksCard } from "./barriers/checks.js";
import { prepareHold } from "./barriers/hold-button.js";
import { lockOutCard } from "./barriers/lock-out.js";
import { holdsCard, resultsCard, runsCard } from "./barriers/runs.js";
import { say } from "./barriers/texts.js";

const askEveryMs = 400;

let drives: readonly DriveView[] | null = null;
let chosen: string | null = null;
let askedAt = Number.NEGATIVE_INFINITY;
let isAsking = false;
/** How the last hold ended, by barrier. */
const over = new Map<string, RunRow>();

/** What stands against a run follows from the drive's state, so it is read again whenever the page is drawn. */
async function refresh(context: Context): Promise<void> {
  if (isAsking || performance.now() - askedAt < askEveryMs) return;
  isAsking = true;
  try {
    learn(await context.call<DrivesReply>("GET", "drives"));
    context.redraw();
  } catch (error) {
    // The head of the page says that the box is not reached.
    if (!(error instanceof Refusal)) throw error;
  } finally {
    isAsking = false;
    askedAt = performance.now();
  }
}

function learn(reply: DrivesReply): void {
  const fresh = new Map(reply.drives.map((drive) => [drive.barrier, drive]));
  drives =
    drives === null || reply.drives.length > 1
      ? reply.drives
      : drives.map((drive) => fresh.get(drive.barrier) ?? drive);
}

function choice(drive: DriveView, isChosen: boolean, context: Context): HTMLElement {
  const { barrier, name, state, cycles, serviceCycles, isServiceDue } = drive;
  const onclick = () => {
    chosen = barrier;
    context.redraw();
  };
  const count =
    serviceCycles === null ? say("cycles", { n: cycles }) : say("cyclesOf", { n: cycles, of: serviceCycles });
  return h(
    "li",
    { "data-key": barrier },
    h("button", { type: "button", "aria-pressed": String(isChosen), onclick }, named(name)),
    h(
      "span",
      {},
      toned(state === "locked-out" || state === "fault" ? "warn" : "idle", word(barrierStateTexts, state)),
      h("small", {}, count),
      isServiceDue && toned("warn", say("serviceDue")),
    ),
  );
}

function view(context: Context): readonly HTMLElement[] {
  void refresh(context);
  const known = drives;
  const shown = known?.find(({ barrier }) => barrier === chosen) ?? known?.[0];
  if (known === null || shown === undefined)
    return [h("p", { "data-key": "none", class: "card" }, say(known === null ? "loading" : "none"))];
  prepareHold(context, say("reasonRun"), ({ underWay, run }) => {
    if (run !== null) over.set(shown.barrier, run);
    drives = (drives ?? known).map((drive) => (drive.barrier === shown.barrier ? { ...drive, underWay } : drive));
    context.redraw();
  });
  const choices = known.map((drive) => choice(drive, drive === shown, context));
  return [
    h(
      "section",
      { "data-key": "choose", class: "card", "aria-label": say("choose") },
      h("ul", { class: "rows choices" }, ...choices),
    ),
    lockOutCard(shown, context),
    runsCard(shown, context),
    holdsCard(shown, over.get(shown.barrier) ?? null, context),
    resultsCard(shown),
    checksCard(shown, context, (reply) => {
      learn(reply);
      context.redraw();
    }),
  ];
}

export const barriers: Section = {
  id: "barriers",
  part: "commissioning",
  title: { zh: "阻车设施", en: "Barriers" },
  view,
};
