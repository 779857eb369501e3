// The detector on real blows, a real saw and real quiet, and on the hard variants made from them, always with the
// settings of config/office.yaml (A-31: the alarm of the fibre, judged here up to the event that completes the count).
import { describe, expect, it } from "vitest";
import { recordingNames } from "../../../scripts/recordings/signals.js";
import {
  officeSettings,
  play,
  quiets,
  recorded,
  unclear,
  verdictOf,
  weathers,
} from "../../../scripts/recordings/trial.js";

const settings = officeSettings();
const named = (prefix: string) => recordingNames().filter((name) => name.startsWith(prefix) && !unclear.includes(name));

describe.each(weathers)("A-31 vibration fibre, %s", (weather) => {
  it.each(named("mac_"))("a machete at the fence is a cut at the third blow: %s", (name) => {
    const verdict = verdictOf(play(recorded(name, weather), settings));
    expect(verdict.detectedMs).not.toBeNull();
    expect(verdict.cause).toBe("fibre-cut");
    expect(verdict.tookMs).toBeLessThan(5000);
    expect(verdict.falseAlarms).toBe(0);
  });

  it.each(named("chain_"))("a chainsaw at the fence is detected: %s", (name) => {
    const verdict = verdictOf(play(recorded(name, weather), settings));
    expect(verdict.detectedMs).not.toBeNull();
    expect(verdict.tookMs).toBeLessThan(5000);
    expect(verdict.falseAlarms).toBe(0);
  });

  it.each([...named("non_event_"), ...unclear])("a recording without a cut raises no alarm: %s", (name) => {
    expect(play(recorded(name, weather), settings).detections).toEqual([]);
  });
});

describe("false alarms of a vibration fibre", () => {
  const promised = quiets.filter((each) => !each.beyond);

  it.each(promised)("$name: no alarm", ({ signal }) => {
    expect(play(signal(1), settings).detections).toEqual([]);
  });

  it.each(promised)("$name, a tenth of the gain: no alarm", ({ signal }) => {
    const tenth = signal(2).map((value) => value * 0.1);
    expect(play(tenth, settings).detections).toEqual([]);
  });

  it.each(promised.filter(({ name }) => /drops/.test(name)))("$name, 30 % more sensitive: no alarm", ({ signal }) => {
    const sensitive = { ...settings, threshold: settings.threshold * 0.7 };
    expect([1, 2, 3].flatMap((seed) => play(signal(seed), sensitive).detections)).toEqual([]);
  });

  it("a single knock is a pre-alarm", () => {
    const knock = quiets.find((each) => each.name === "a single knock");
    expect(knock && play(knock.signal(1), settings).preAlarms).toBe(1);
  });
});

describe("the outcome does not hang on chance", () => {
  const recordings = recordingNames().map((name) => ({ name, signal: recorded(name, "plain") }));
  const alarmed = (changed: typeof settings, blocks?: { samples: number; skipped?: number }) =>
    recordings.filter(({ signal }) => play(signal, changed, blocks).detections.length > 0).map(({ name }) => name);
  const usual = alarmed(settings);

  it.each([17, 33, 166, 333, 4096])("blocks of %i samples give the same recordings", (samples) => {
    expect(alarmed(settings, { samples })).toEqual(usual);
  });

  it.each([7, 14, 20])("frames that begin %i samples later give the same recordings", (skipped) => {
    expect(alarmed(settings, { samples: 83, skipped })).toEqual(usual);
  });

  it.each(["threshold", "windReject", "maskMs", "sustainedMs", "eventWindowMs", "baselineMs"] as const)(
    "%s 30 %% up or down gives the same recordings",
    (key) => {
      expect(alarmed({ ...settings, [key]: settings[key] * 0.7 })).toEqual(usual);
      expect(alarmed({ ...settings, [key]: settings[key] * 1.3 })).toEqual(usual);
    },
  );
});
