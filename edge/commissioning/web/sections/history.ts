// History of settings 设置历史: who changed what, when and why; and the way back to an earlier revision, proved before it is signed.

import { roleTexts } from "../../../../config/words.js";
import type { RevisionNote } from "../../../model/revision.js";
import { mayTune } from "../../../model/rights.js";
import { h } from "../../../page/dom.js";
import { locale, word } from "../../../page/language.js";
import { toned } from "../../../page/tone.js";
import type { ProposalView, RevisionView, SettingsView } from "../../settings/told.js";
import { Refusal } from "../api.js";
import type { Context } from "../context.js";
import type { Signature } from "../points/chosen.js";
import { changeText, triedCard } from "../points/tried-card.js";
import type { Section } from "../sections.js";
import { say as sayGatehouse } from "./gatehouse/texts.js";
import { historyTexts, say } from "./history-texts.js";

const shownAtFirst = 10;
const retryMs = 5_000;

interface Known {
  /** Of the box's status when it was read. */
  readonly atRevision: number;
  readonly revisions: readonly RevisionView[];
  readonly settings: SettingsView;
}

interface WayBack {
  readonly to: number;
  /** On which it was tried. */
  readonly revision: number;
  readonly view: ProposalView;
  readonly isApplying: boolean;
}

let known: Known | null = null;
let back: WayBack | null = null;
let isReading = false;
let readAt = Number.NEGATIVE_INFINITY;
let showsAll = false;

/** Reads again whenever another revision is in force. */
async function keepFresh(context: Context): Promise<void> {
  const revision = context.status?.revision;
  const isFresh = revision === undefined || known?.atRevision === revision;
  if (isFresh || isReading || performance.now() - readAt < retryMs) return;
  isReading = true;
  readAt = performance.now();
  try {
    const revisions = await context.call<readonly RevisionView[]>("GET", "settings/history");
    const settings = await context.call<SettingsView>("GET", "settings");
    known = { atRevision: revision, revisions, settings };
    if (back !== null && back.revision !== settings.revision) back = null;
    readAt = Number.NEGATIVE_INFINITY;
  } catch (error) {
    // Said where the list would stand, and asked again.
    if (!(error instanceof Refusal)) throw error;
  } finally {
    isReading = false;
    context.redraw();
  }
}

function tryBack(to: number, context: Context): void {
  void context.attempt(async () => {
    if (known === null || !(await context.ensurePerson())) return;
    const { revision } = known.settings;
    const view = await context.call<ProposalView>("POST", "settings/check", { to });
    back = { to, revision, view, isApplying: false };
    context.redraw();
    setTimeout(() => document.getElementById("tried-title")?.focus(), 50);
  });
}

function put(next: WayBack | null, context: Context): void {
  back = next;
  context.redraw();
}

function goBack(way: WayBack, signature: Signature, context: Context): void {
  if (way.isApplying) return;
  const { to, revision } = way;
  put({ ...way, isApplying: true }, context);
  void context.attempt(async () => {
    try {
      const taken = await context.call<{ revision: number }>("POST", "settings/back", { to, revision, ...signature });
      put(null, context);
      context.tell(say("taken", { n: taken.revision }));
    } catch (error) {
      put(refusedWay(error, way), context);
      throw error;
    }
  });
}

/** The box's checks said no: shown in full where it was tried. */
function refusedWay(error: unknown, way: WayBack): WayBack {
  const isJudged = error instanceof Refusal && Array.isArray(error.body["proof"]);
  return isJudged ? { ...way, view: error.body as unknown as ProposalView } : way;
}

function wayBackCard(way: WayBack, { settings }: Known, context: Context): HTMLElement {
  const trial = {
    title: say("checking", { n: way.to }),
    settings: settings.settings,
    isApplying: way.isApplying,
    apply: (signature: Signature) => goBack(way, signature, context),
    discard: () => put(null, context),
  };
  return triedCard({ view: way.view, changes: [] }, trial, context);
}

function revisionRow(view: RevisionView, { settings }: Known, context: Context): HTMLElement {
  const { revision, isPresent, note } = view;
  return h(
    "li",
    { "data-key": `${revision}-${note?.hash ?? ""}`, class: "revision" },
    h("h3", {}, say("revision", { n: revision })),
    isPresent && toned("good", say("inForce")),
    ...(note === null ? [h("p", { class: "minor" }, say("unsigned"))] : noteLines(note, settings, context)),
    isPresent ? false : backButton(revision, context),
  );
}

function noteLines(note: RevisionNote, { settings }: SettingsView, context: Context): readonly HTMLElement[] {
  const { by, at, reason, changes, backTo } = note;
  const when = new Date(at).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
  return [
    h("p", {}, say("by", { by: by.join(", "), at: when })),
    h("p", {}, say("reason", { reason })),
    ...(backTo === null ? [] : [h("p", {}, say("backTo", { n: backTo }))]),
    changes.length === 0
      ? h("p", { class: "minor" }, say("noValues"))
      : h(
          "ul",
          { class: "effects", "aria-label": say("changes") },
          ...changes.map((change) => h("li", {}, changeText(change, settings, context))),
        ),
  ];
}

/** Nobody is barred before the box knows who it is. */
function backButton(revision: number, context: Context): HTMLElement {
  const label = say("check", { n: revision });
  const { person } = context;
  if (person !== null && !person.roles.some(mayTune)) {
    const roles = person.roles.map((role) => word(roleTexts, role)).join(", ");
    return h("p", { class: "minor" }, sayGatehouse("notYours", { act: label, roles }));
  }
  return h("button", { type: "button", onclick: () => tryBack(revision, context) }, label);
}

function view(context: Context): readonly HTMLElement[] {
  void keepFresh(context);
  if (known === null) {
    const words = Number.isFinite(readAt) && !isReading ? "unreadable" : "reading";
    return [h("p", { "data-key": "reading", class: "card" }, say(words))];
  }
  const { revisions } = known;
  const present = known;
  const shown = showsAll ? revisions : revisions.slice(0, shownAtFirst);
  const showAll = () => {
    showsAll = true;
    context.redraw();
  };
  return [
    ...(back === null ? [] : [wayBackCard(back, present, context)]),
    h(
      "section",
      { "data-key": "history", class: "card", "aria-labelledby": "history-title" },
      h("h2", { id: "history-title" }, say("title")),
      h("p", {}, say("what")),
      h("ol", { class: "rows" }, ...shown.map((each) => revisionRow(each, present, context))),
      shown.length < revisions.length &&
        h("button", { type: "button", onclick: showAll }, say("older", { n: revisions.length })),
    ),
  ];
}

export const settingsHistory: Section = {
  id: "settings-history",
  part: "commissioning",
  title: historyTexts.title,
  view,
};
