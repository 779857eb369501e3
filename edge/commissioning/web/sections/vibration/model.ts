// What the section knows of the zone that is looked at: its trace as it comes, its recordings, a suggestion and a comparison.
import type { FibreSettings } from "../../../../model/zone.js";
import type { BlockView } from "../../../vibration/replay.js";
import type { RecordingsView, SuggestionView, VibrationView, WhatIfView } from "../../../vibration/views.js";
import type { Context } from "../../context.js";

/** Shown of the live trace. */
export const shownMs = 60_000;
const blocksMax = 1_200;
/** While something is recorded its progress is asked for so often. */
const listEveryMs = 1_000;

export interface Model {
  zone: string;
  settings: FibreSettings | null;
  blocks: readonly BlockView[];
  /** By the page's own clock. */
  heardAt: number;
  list: RecordingsView | null;
  suggestion: SuggestionView | null;
  whatIf: WhatIfView | null;
  /** The recording that the form of the comparison speaks of. */
  compared: string | null;
}

let model: Model | null = null;
let source: EventSource | null = null;
let ticking: ReturnType<typeof setInterval> | null = null;

function emptyModel(zone: string): Model {
  return {
    zone,
    settings: null,
    blocks: [],
    heardAt: Number.NEGATIVE_INFINITY,
    list: null,
    suggestion: null,
    whatIf: null,
    compared: null,
  };
}

/** The model of the zone; begins to follow it, and ends following another. */
export function follow(zone: string, context: Context): Model {
  if (model?.zone === zone && source !== null) return model;
  const kept = model?.zone === zone ? model : emptyModel(zone);
  leave();
  model = kept;
  const opened = new EventSource(`/api/v1/live?vibration=${encodeURIComponent(zone)}`);
  source = opened;
  opened.addEventListener("vibration", ({ data }: MessageEvent<string>) => {
    hear(kept, JSON.parse(data) as VibrationView);
    context.redraw();
  });
  ticking = setInterval(() => {
    if (kept.list?.running != null) void refreshList(kept, context);
    if (opened.readyState === EventSource.CLOSED) leave();
  }, listEveryMs);
  void refreshList(kept, context);
  return kept;
}

/** Nobody looks any more: the box need not tell. */
export function leave(): void {
  source?.close();
  source = null;
  if (ticking !== null) clearInterval(ticking);
  ticking = null;
}

function hear(known: Model, told: VibrationView): void {
  known.settings = told.settings;
  if (told.blocks.length === 0) return;
  known.heardAt = performance.now();
  const last = known.blocks.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  // After a restart of the box its clock may be behind.
  const isNewRun = (told.blocks.at(-1)?.at ?? last) < last;
  const fresh = isNewRun ? told.blocks : told.blocks.filter(({ at }) => at > last);
  const joined = [...(isNewRun ? [] : known.blocks), ...fresh].slice(-blocksMax);
  const from = (joined.at(-1)?.at ?? 0) - shownMs;
  known.blocks = joined.filter(({ at }) => at >= from);
}

export const pathOf = (zone: string, rest: string) => `zones/${encodeURIComponent(zone)}/vibration/${rest}`;

export function refreshList(known: Model, context: Context): Promise<void> {
  return context.attempt(async () => {
    known.list = await context.call<RecordingsView>("GET", pathOf(known.zone, "recordings"));
    context.redraw();
  });
}

window.addEventListener("hashchange", leave);
