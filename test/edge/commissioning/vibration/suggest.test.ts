// Settings suggested from real blows, a real saw and real quiet; what cannot be parted is refused with words.
import { describe, expect, it } from "vitest";
import { vibrationReasonTexts } from "../../../../config/vibration-words.js";
import { rangeOf } from "../../../../edge/commissioning/vibration/reasons.js";
import type { Recording } from "../../../../edge/commissioning/vibration/recording.js";
import { replay } from "../../../../edge/commissioning/vibration/replay.js";
import { suggest } from "../../../../edge/commissioning/vibration/suggest.js";
import type { FibreSettings } from "../../../../edge/model/zone.js";
import { quietFor, rateHz, recordingNames, scale } from "../../../../scripts/recordings/signals.js";
import { quiets, recorded, unclear } from "../../../../scripts/recordings/trial.js";
import { attackOf, plainSettings, realQuiet, recordingOf } from "../../../support/fibre-recordings.js";

const named = (prefix: string) => recordingNames().filter((name) => name.startsWith(prefix) && !unclear.includes(name));
const blows = named("mac_").map((name) => attackOf("tap", name));
const saws = named("chain_").map((name) => attackOf("climb", name));
const windy = quiets.find(({ name }) => name === "wind that rises over 20 s to 6 x quiet")?.signal(1) ?? [];
const wind = recordingOf("wind", windy);
const codesOf = (recordings: readonly Recording[], settings = plainSettings) =>
  suggest(recordings, settings).reasons.map(({ code }) => code);

describe("a suggestion from quiet and blows", () => {
  const starts: readonly (readonly [string, FibreSettings])[] = [
    ["the usual settings", plainSettings],
    ["settings that are deaf", { ...plainSettings, threshold: 300, eventWindowMs: 1_000 }],
    ["settings that hear everything", { ...plainSettings, threshold: 1.2, maskMs: 0, windReject: 1 }],
  ];

  it.each(starts)("detects every blow's recording and stays quiet, from %s", (_name, present) => {
    const { ok, settings } = suggest([realQuiet(), wind, ...blows], present);
    expect(ok).toBe(true);
    for (const attack of blows) expect(replay(attack, settings).alarms.length).toBeGreaterThan(0);
    // Also quiet and wind that it has not heard.
    for (const first of [0, 2, 4]) expect(replay(realQuiet(120, first), settings).alarms).toEqual([]);
    const other = quiets.find(({ name }) => name === "gusts of a second to 6 x quiet")?.signal(3) ?? [];
    expect(replay(recordingOf("wind", other), settings).alarms).toEqual([]);
  });

  it("keeps what fits, and says why in both languages", () => {
    const { changes, reasons } = suggest([realQuiet(), ...blows], plainSettings);
    expect(changes).toEqual([]);
    for (const { code, values } of reasons)
      for (const text of Object.values(vibrationReasonTexts[code]))
        for (const [, name = ""] of text.matchAll(/\{(\w+)\}/g)) expect(values).toHaveProperty(name);
  });

  it("changes what does not fit, within the ranges of the schema", () => {
    const wrong = { ...plainSettings, threshold: 300, eventWindowMs: 500, maskMs: 3_000, windReject: 1 };
    const { changes, settings } = suggest([realQuiet(), wind, ...blows, ...saws], wrong);
    const changed = changes.map(({ key }) => key);
    expect(changed).toEqual(expect.arrayContaining(["threshold", "eventWindowMs", "maskMs", "windReject"]));
    for (const { key, value } of changes) {
      const { minimum, maximum } = rangeOf(key);
      expect(value).toBeGreaterThanOrEqual(minimum);
      expect(value).toBeLessThanOrEqual(maximum);
      expect(settings[key]).toBe(value);
    }
    expect(settings.threshold).toBeLessThan(10);
    expect(settings.eventWindowMs).toBeGreaterThan(2_000);
    expect(settings.maskMs).toBeLessThan(730);
  });

  it("is the same at a tenth of the gain", () => {
    const tenth = (recording: Recording, before: readonly number[]) =>
      recordingOf(
        recording.head.label,
        scale(
          recording.blocks.flatMap(({ block }) => block.values),
          0.1,
        ),
        {
          before: scale(before, 0.1),
        },
      );
    const plain = suggest([realQuiet(), ...blows], { ...plainSettings, threshold: 30 });
    const small = [tenth(realQuiet(), []), ...blows.map((each) => tenth(each, quietFor(60)))];
    expect(suggest(small, { ...plainSettings, threshold: 30 }).settings).toEqual(plain.settings);
  });

  it("without wind makes nothing more sensitive", () => {
    const { settings, reasons } = suggest([realQuiet(), ...blows], { ...plainSettings, threshold: 4.5 });
    expect(settings.threshold).toBe(4.5);
    expect(reasons.map(({ code }) => code)).toContain("wind-missing");
  });

  it("takes the blows that somebody counted", () => {
    const counted = attackOf("tap", "mac_far_new_sd_b16", { blows: 14 });
    expect(suggest([realQuiet(), counted], plainSettings).ok).toBe(true);
    const tooMany = attackOf("tap", "mac_far_new_sd_b16", { blows: 60 });
    expect(codesOf([realQuiet(), tooMany])).toEqual(["overlap"]);
  });

  it("sets the climb time from a saw that runs on", () => {
    const { ok, settings, reasons } = suggest([realQuiet(), ...blows, ...saws], {
      ...plainSettings,
      sustainedMs: 20_000,
    });
    expect(ok).toBe(true);
    expect(reasons.map(({ code }) => code)).toContain("climb-changed");
    for (const saw of saws) expect(replay(saw, settings).alarms.length).toBeGreaterThan(0);
  });
});

describe("no suggestion", () => {
  const blow = attackOf("tap", "mac_far_new_sd_b16");
  const rows: readonly (readonly [string, readonly Recording[], string])[] = [
    ["without any recording", [], "quiet-missing"],
    ["without quiet", blows, "quiet-missing"],
    ["from quiet that is too short", [realQuiet(15), ...blows], "quiet-missing"],
    ["without taps", [realQuiet()], "blows-missing"],
    ["from taps that do not show", [realQuiet(), attackOf("tap", "mac_far_new_sd_b9")], "blows-missing"],
    [
      "where quiet holds the same blows",
      [recordingOf("quiet", recorded("mac_far_new_sd_b16", "plain")), blow],
      "overlap",
    ],
    [
      "where wind holds the same blows",
      [realQuiet(), recordingOf("wind", recorded("mac_far_new_sd_b14", "plain")), ...blows],
      "overlap",
    ],
  ];

  it.each(rows)("%s", (_name, recordings, code) => {
    const suggestion = suggest(recordings, plainSettings);
    expect(suggestion).toMatchObject({ ok: false, settings: plainSettings, changes: [] });
    expect(suggestion.reasons.map((each) => each.code)).toEqual([code]);
  });

  it("where the proof fails: a background that alarms although nothing in it comes as a blow", () => {
    const quiet = quietFor(60);
    const mean = quiet.reduce((sum, value) => sum + value, 0) / quiet.length;
    const factorAt = (second: number) => Math.exp(Math.min(1, Math.max(0, (second - 20) / 8)) * Math.log(200));
    const storm = quiet.map((value, i) => mean + (value - mean) * factorAt(i / rateHz));
    const { ok, reasons } = suggest([realQuiet(), recordingOf("wind", storm), ...blows], plainSettings);
    expect(ok).toBe(false);
    expect(reasons.map(({ code }) => code)).toContain("background-alarms");
  });

  it("where no climb can be told from the background, blows are still suggested", () => {
    const unseen = recordingOf("climb", quietFor(20), { before: quietFor(30) });
    const { ok, reasons } = suggest([realQuiet(), ...blows, unseen], plainSettings);
    expect(ok).toBe(true);
    expect(reasons.map(({ code }) => code)).toContain("climb-unclear");
  });
});
