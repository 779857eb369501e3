// Suggests settings of a vibration fibre from recordings of quiet, wind, blows and climbing: the threshold between the loudest
// background and the softest blow, the rest from the rhythm of the blows. Says so when the recordings do not allow it. Pure.
import type { FrameTrace } from "../../detection/fibre-trace.js";
import type { FibreSettings } from "../../model/zone.js";
import { blowsAbove, loudestOf, peaksIn, type Rhythm, rhythmOf, type Split } from "./blows.js";
import { suggestClimb } from "./climb.js";
import { kept, type Reason, rounded, setting } from "./reasons.js";
import type { Recording } from "./recording.js";
import { framesOf, replay } from "./replay.js";

export const suggestionLimits = {
  /** Background that must have been heard after learning. */
  quietMsMin: 20_000,
  blowsMin: 3,
  /** The softest blow must exceed the loudest background by this factor. */
  separationMin: 1.5,
  /** So far above the loudest background: further would only make the fence deaf. */
  marginMax: 2,
} as const;

export interface Suggestion {
  /** The recordings allow it, and it was proved on each of them. */
  readonly ok: boolean;
  readonly settings: FibreSettings;
  readonly changes: readonly {
    readonly key: keyof FibreSettings;
    readonly before: number | null;
    readonly value: number;
  }[];
  readonly reasons: readonly Reason[];
}

/** `present` stays where the recordings say nothing else. */
export function suggest(recordings: readonly Recording[], present: FibreSettings): Suggestion {
  const of = (label: string) => recordings.filter(({ head }) => head.label === label);
  const wind = suggestWind(of("wind"), present);
  const found = findThreshold(recordings, wind.settings);
  if (!found.ok) return { ok: false, settings: present, changes: [], reasons: [found.reason] };
  const { threshold, rhythms } = found;
  const blows = suggestCount(rhythms, { ...wind.settings, threshold });
  const climb = suggestClimb(of("climb"), [...of("quiet"), ...of("wind")], blows.settings);
  const reasons = [found.reason, ...blows.reasons, ...wind.reasons, ...climb.reasons];
  // A climb that does not show was said to be one; the rest may still be sound.
  const isUnclear = climb.reasons.some(({ code }) => code === "climb-unclear");
  const proving = recordings.filter(({ head }) => head.label !== "climb" || !isUnclear);
  const failed = proving.flatMap((recording) => failureOf(recording, climb.settings));
  if (failed.length > 0) return { ok: false, settings: present, changes: [], reasons: [...reasons, ...failed] };
  return { ok: true, settings: climb.settings, changes: changesTo(climb.settings, present), reasons };
}

function changesTo(settings: FibreSettings, present: FibreSettings): Suggestion["changes"] {
  const keys = Object.keys(settings) as (keyof FibreSettings)[];
  return keys.flatMap((key) => {
    const [before, value] = [present[key] ?? null, settings[key]];
    return value === undefined || value === before ? [] : [{ key, before, value }];
  });
}

interface Found {
  readonly settings: FibreSettings;
  readonly reasons: readonly Reason[];
}

/** The wind gate must lift the threshold as far as the recorded wind lifted the background. */
function suggestWind(recordings: readonly Recording[], present: FibreSettings): Found {
  const frames = recordings.flatMap((recording) => learnt(recording, present));
  if (frames.length === 0) return { settings: present, reasons: [kept("windReject", "wind-missing")] };
  const rise = frames.reduce((most, { background, baseline }) => Math.max(most, background / baseline), 1);
  if (rise <= present.windReject)
    return { settings: present, reasons: [kept("windReject", "wind-fits", { rise: rounded(rise) })] };
  const windReject = setting("windReject", Math.ceil(rise * 2.2) / 2);
  return {
    settings: { ...present, windReject },
    reasons: [kept("windReject", "wind-changed", { rise: rounded(rise), value: windReject })],
  };
}

function learnt({ start, blocks }: Recording, settings: FibreSettings): readonly FrameTrace[] {
  return framesOf({ start, blocks, settings }).filter(({ isLearning }) => !isLearning);
}

type Threshold =
  | { readonly ok: true; readonly threshold: number; readonly rhythms: readonly Rhythm[]; readonly reason: Reason }
  | { readonly ok: false; readonly reason: Reason };

function findThreshold(recordings: readonly Recording[], settings: FibreSettings): Threshold {
  const refused = (code: Reason["code"], values: Reason["values"]) =>
    ({ ok: false, reason: { key: null, code, values } }) as const;
  const heardMs = (frames: readonly FrameTrace[]) => frames.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const heardIn = (label: string) =>
    recordings.filter(({ head }) => head.label === label).flatMap((each) => learnt(each, settings));
  const [quiet, wind] = [heardIn("quiet"), heardIn("wind")];
  const { quietMsMin, blowsMin, separationMin, marginMax } = suggestionLimits;
  if (heardMs(quiet) < quietMsMin)
    return refused("quiet-missing", { seconds: Math.floor(heardMs(quiet) / 1000), needed: quietMsMin / 1000 });
  const loudest = loudestOf({ quiet, wind });
  const tapped = recordings
    .filter(({ head }) => head.label === "tap")
    .map((each) => ({ counted: each.head.blows, peaks: peaksIn(learnt(each, settings)) }));
  const strongest = tapped.flatMap(({ peaks }) => peaks.map(({ strength }) => strength));
  if (strongest.length < blowsMin) return refused("blows-missing", { seen: strongest.length, needed: blowsMin });
  const split: Split | null = blowsAbove(tapped, loudest, { blowsMin, separationMin });
  if (split === null)
    return refused("overlap", { loudest: rounded(loudest), softest: rounded(softestOf(tapped, blowsMin)) });
  const { lower, softest, blows } = split;
  const between = lower * Math.min(marginMax, Math.sqrt(softest / lower));
  // Quiet alone does not say what the weather will bring: without wind nothing is made more sensitive than it need be.
  const least = wind.length > 0 ? 0 : Math.min(settings.threshold, softest / Math.sqrt(separationMin));
  const threshold = setting("threshold", rounded(Math.max(between, least)));
  const count = blows.reduce((sum, each) => sum + each.length, 0);
  const values = { loudest: rounded(lower), softest: rounded(softest), value: threshold, count };
  if (threshold <= lower || threshold >= softest) return refused("overlap", values);
  return {
    ok: true,
    threshold,
    rhythms: blows.map((each) => rhythmOf(each, threshold)),
    reason: { key: "threshold", code: "threshold-between", values },
  };
}

/** The softest of those blows that were needed: what the background hides. */
function softestOf(
  tapped: readonly { readonly counted: number | null; readonly peaks: readonly { readonly strength: number }[] }[],
  blowsMin: number,
): number {
  const softest = tapped.map(({ counted, peaks }) => {
    const needed = counted ?? blowsMin;
    return peaks.map(({ strength }) => strength).sort((a, b) => b - a)[needed - 1] ?? 0;
  });
  return Math.min(...softest);
}

/** So much longer than the slowest rhythm is the window, and than a blow's ringing the mask time. */
const windowSlack = 1.5;
const maskSlack = 1.25;

/** Count, window and mask time from how fast people strike and how long a blow rings. */
function suggestCount(rhythms: readonly Rhythm[], present: FibreSettings): Found {
  const fewest = Math.min(...rhythms.map(({ count }) => count));
  const slowestMs = Math.max(...rhythms.map((each) => each.slowestMs));
  const quickestMs = Math.min(...rhythms.map((each) => each.quickestMs));
  const ringMs = Math.max(...rhythms.map((each) => each.ringMs));
  const eventCount = setting("eventCount", Math.min(present.eventCount, Math.max(2, fewest)));
  const needed = Math.max(1, eventCount - 1) * slowestMs * windowSlack;
  const isWindowFit = present.eventWindowMs >= needed;
  const eventWindowMs = isWindowFit ? present.eventWindowMs : setting("eventWindowMs", Math.ceil(needed / 1000) * 1000);
  const isMaskFit = present.maskMs >= ringMs && present.maskMs < quickestMs;
  const maskMs = isMaskFit
    ? present.maskMs
    : setting("maskMs", Math.min(Math.ceil((ringMs * maskSlack) / 50) * 50, Math.floor((quickestMs * 0.8) / 50) * 50));
  const seconds = (ms: number) => rounded(ms / 1000);
  return {
    settings: { ...present, eventCount, eventWindowMs, maskMs },
    reasons: [
      kept("eventCount", eventCount === present.eventCount ? "count-fits" : "count-lowered", {
        value: eventCount,
        fewest,
      }),
      kept("eventWindowMs", isWindowFit ? "window-fits" : "window-changed", {
        slowest: seconds(slowestMs),
        value: seconds(eventWindowMs),
      }),
      kept("maskMs", isMaskFit ? "mask-fits" : "mask-changed", {
        ring: Math.round(ringMs),
        quickest: Math.round(quickestMs),
        value: maskMs,
      }),
    ],
  };
}

/** The proof by the detector that guards: alarm in every attack, none in any background. */
function failureOf(recording: Recording, settings: FibreSettings): readonly Reason[] {
  const { label, id } = recording.head;
  const { alarms } = replay(recording, settings);
  const isAttack = label === "tap" || label === "climb";
  if (isAttack === alarms.length > 0) return [];
  const code = isAttack ? "attack-unseen" : "background-alarms";
  return [{ key: null, code, values: { recording: id, alarms: alarms.length } }];
}
