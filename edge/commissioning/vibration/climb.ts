// What lasts: threshold and time of a climb from recordings of climbing, against the longest activity in the background. Pure;
// for suggest.ts.
import type { FibreSettings } from "../../model/zone.js";
import { kept, type Reason, rounded, setting } from "./reasons.js";
import type { Recording } from "./recording.js";
import { framesOf } from "./replay.js";

/** A climb must last so many times longer than anything in the background, and so long at all. */
const separationMin = 2;
const climbMsMin = 1_000;
/** More sensitive, step by step, where it does not last at the threshold of blows. */
const steps = [1, 0.75, 0.55, 0.4];
const thresholdMin = 1.5;
const backgroundSlack = 1.25;

interface Found {
  readonly settings: FibreSettings;
  readonly reasons: readonly Reason[];
}

interface Lasting {
  readonly climbMs: number;
  readonly backgroundMs: number;
}

export function suggestClimb(
  climbs: readonly Recording[],
  background: readonly Recording[],
  present: FibreSettings,
): Found {
  if (climbs.length === 0) return { settings: present, reasons: [kept("sustainedMs", "climb-missing")] };
  const first = present.climbThreshold ?? present.threshold;
  const thresholds = steps.map((step) => (step === 1 ? first : setting("climbThreshold", rounded(first * step))));
  for (const climbThreshold of thresholds.filter((each) => each >= thresholdMin)) {
    const settings = climbThreshold === first ? present : { ...present, climbThreshold };
    const times = lasting(climbs, background, settings);
    if (times.climbMs < climbMsMin || times.climbMs < separationMin * times.backgroundMs) continue;
    const found = timeOf(times, settings);
    if (settings === present) return found;
    const lowered = kept("climbThreshold", "climb-threshold", { value: climbThreshold });
    return { ...found, reasons: [...found.reasons, lowered] };
  }
  return { settings: present, reasons: [kept("sustainedMs", "climb-unclear")] };
}

/** The climb time where the thresholds are as they shall be. */
function timeOf({ climbMs, backgroundMs }: Lasting, settings: FibreSettings): Found {
  const isFit = settings.sustainedMs > backgroundMs * backgroundSlack && settings.sustainedMs <= climbMs * 0.8;
  const wanted = Math.max(climbMs * 0.7, backgroundMs * backgroundSlack);
  const sustainedMs = isFit ? settings.sustainedMs : setting("sustainedMs", Math.round(wanted / 100) * 100);
  const seconds = (ms: number) => rounded(ms / 1000);
  const values = { climb: seconds(climbMs), background: seconds(backgroundMs), value: seconds(sustainedMs) };
  const reason = kept("sustainedMs", isFit ? "climb-fits" : "climb-changed", values);
  return { settings: { ...settings, sustainedMs }, reasons: [reason] };
}

function lasting(climbs: readonly Recording[], background: readonly Recording[], settings: FibreSettings): Lasting {
  // Neither count nor time may end an activity that is being measured.
  const endless = { ...settings, eventCount: Number.POSITIVE_INFINITY, sustainedMs: Number.POSITIVE_INFINITY };
  const longest = ({ start, blocks }: Recording) =>
    framesOf({ start, blocks, settings: endless }).reduce((most, { activeMs }) => Math.max(most, activeMs), 0);
  return {
    climbMs: Math.min(...climbs.map(longest)),
    backgroundMs: Math.max(0, ...background.map(longest)),
  };
}
