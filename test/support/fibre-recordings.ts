// Recorded real vibration in the form in which a technician records it at a box: a detector that runs, and blocks from then on.
import type { BlockRun, HeardBlock } from "../../edge/commissioning/vibration/block-book.js";
import type { Recording, RecordingLabel } from "../../edge/commissioning/vibration/recording.js";
import { initialFibre, observeFibre } from "../../edge/detection/vibration-fibre.js";
import type { FibreSettings } from "../../edge/model/zone.js";
import { quietFor, rateHz, readRecording } from "../../scripts/recordings/signals.js";

export const plainSettings: FibreSettings = {
  baselineMs: 20_000,
  threshold: 4,
  levelFloor: 0,
  eventCount: 3,
  eventWindowMs: 10_000,
  maskMs: 500,
  sustainedMs: 2_500,
  windReject: 4,
};

const samples = 83;

/** Blocks of a signal of 333 Hz; the last, shorter one too. */
export function blocksOf(signal: readonly number[], fromMs = 0): readonly HeardBlock[] {
  return Array.from({ length: Math.ceil(signal.length / samples) }, (_, index) => {
    const values = signal.slice(index * samples, (index + 1) * samples);
    const ended = index * samples + values.length;
    const t0 = fromMs + (index * samples * 1000) / rateHz;
    return { at: fromMs + (ended * 1000) / rateHz, block: { t0, periodUs: 1e6 / rateHz, values } };
  });
}

/** `signal` recorded at a detector that has heard `before`. */
export function recordingOf(
  label: RecordingLabel,
  signal: readonly number[],
  {
    before = [],
    id = `20261127T040000Z-${label}`,
    blows = null,
    settings = plainSettings,
  }: {
    readonly before?: readonly number[];
    readonly id?: string;
    readonly blows?: number | null;
    readonly settings?: FibreSettings;
  } = {},
): Recording {
  const heard = blocksOf(before);
  const start = heard.reduce((state, { at, block }) => observeFibre(state, settings, block, at).state, initialFibre());
  const blocks = blocksOf(signal, heard.at(-1)?.at ?? 0);
  const head = {
    id,
    zone: "fence",
    label,
    note: "",
    blows,
    person: "li",
    startedAt: "2026-11-27T04:00:00.000Z",
    seconds: signal.length / rateHz,
    ended: "complete",
    revision: 1,
    settings,
    blocks: blocks.length,
    values: signal.length,
  } as const;
  return { head, start, blocks };
}

/** A real attack with a minute of real quiet before it, which the detector has heard. */
export function attackOf(label: RecordingLabel, name: string, options: { readonly blows?: number } = {}): Recording {
  return recordingOf(label, readRecording(name), { before: quietFor(60), id: `20261127T040000Z-${label}`, ...options });
}

export const realQuiet = (seconds = 60, first = 0): Recording => recordingOf("quiet", quietFor(seconds, first));

/** What a live detector would have said. */
export function livesThrough({ settings, start, blocks }: BlockRun) {
  let state = start;
  return blocks.map(({ at, block }) => {
    const seen = observeFibre(state, settings, block, at);
    ({ state } = seen);
    return seen;
  });
}
