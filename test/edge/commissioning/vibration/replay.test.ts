// What if: the same recording under other settings, by the detector that guards.
import { describe, expect, it } from "vitest";
import { createBlockBook } from "../../../../edge/commissioning/vibration/block-book.js";
import { readRecording, recordingText } from "../../../../edge/commissioning/vibration/recording.js";
import { replay } from "../../../../edge/commissioning/vibration/replay.js";
import { thinned, whatIfView } from "../../../../edge/commissioning/vibration/views.js";
import { type FibreDetection, initialFibre, observeFibre } from "../../../../edge/detection/vibration-fibre.js";
import { rateHz } from "../../../../scripts/recordings/signals.js";
import { recorded } from "../../../../scripts/recordings/trial.js";
import { attackOf, plainSettings } from "../../../support/fibre-recordings.js";
import { seeded } from "../../../support/seeded.js";

/** A live detector in blocks of any length with gaps, its blocks kept as the box keeps them, read from any of them on. */
function live(name: string, seed: number) {
  const random = seeded(seed);
  const zone = { id: "fence", settings: plainSettings };
  const book = createBlockBook();
  const signal = recorded(name, seed % 2 === 0 ? "wind" : "plain", seed).slice(45 * rateHz);
  const said: { at: number; detection: FibreDetection }[] = [];
  let state = initialFibre();
  let at = 1_000;
  for (let from = 0; from < signal.length; ) {
    const values = signal.slice(from, from + 1 + Math.floor(random() * 150));
    from += values.length;
    at += (values.length * 1000) / rateHz + (random() < 0.02 ? 3_000 : random() * 3);
    const block = { t0: 0, periodUs: 1e6 / rateHz, values };
    const before = state;
    const seen = observeFibre(before, plainSettings, block, at);
    state = seen.state;
    if (seen.detection) said.push({ at, detection: seen.detection });
    book.note(zone, block, { before, after: state });
  }
  return { book, said, random };
}

describe("a replay under the settings of the moment", () => {
  it.each(Array.from({ length: 24 }, (_, seed) => seed))("says what the live detector said, seed %i", (seed) => {
    const names = ["mac_far_new_sd_b16", "chain_far_new_sd_c41", "non_event_far_new_sd_v10"];
    const { book, said, random } = live(names[seed % names.length] ?? "", seed);
    const all = book.since("fence", null);
    const from = all?.blocks[Math.floor(random() * 60)]?.at ?? 0;
    const run = book.since("fence", from);
    if (run === null) throw new Error("nothing was kept");
    const first = run.blocks[0]?.at ?? Number.POSITIVE_INFINITY;
    const expected = said.filter(({ at }) => at >= first).map(({ detection }) => detection);
    expect(replay(run, run.settings).alarms).toEqual(expected);
  });

  it("says the same from its file", () => {
    const recording = attackOf("tap", "mac_far_new_sd_b14");
    const read = readRecording(recordingText(recording));
    expect(read).toEqual(recording);
    if (read !== null) expect(replay(read, plainSettings)).toEqual(replay(recording, plainSettings));
  });
});

describe("other settings", () => {
  const recording = attackOf("tap", "mac_far_new_sd_b16");

  it("are compared with those of the recording", () => {
    const { before, after } = whatIfView(recording, { ...plainSettings, threshold: 200 });
    expect(before.alarms[0]).toMatchObject({ cause: "fibre-cut" });
    expect(after.alarms).toEqual([]);
    expect(after.heldBack).toMatchObject({ "below-threshold": expect.any(Number) });
    expect(before.events.length).toBeGreaterThan(after.events.length);
  });

  it("that ask for more events say so", () => {
    const { alarms, heldBack, events } = replay(recording, { ...plainSettings, eventCount: 50, sustainedMs: 60_000 });
    expect(alarms).toEqual([]);
    expect(events.length).toBeGreaterThan(5);
    expect(heldBack["too-few-events"]).toBeGreaterThan(5);
  });
});

it("a drawing has no more blocks than may be, and loses no event and no alarm", () => {
  const { blocks, events, alarms } = replay(attackOf("tap", "mac_far_new_sd_b16"), plainSettings);
  const few = thinned(blocks, 10);
  expect(few.length).toBeLessThanOrEqual(10);
  expect(few.flatMap((block) => block.events)).toEqual(events);
  expect(few.flatMap(({ alarm }) => alarm ?? []).length).toBeLessThanOrEqual(alarms.length);
  expect(few.some(({ alarm }) => alarm !== null)).toBe(true);
  expect(few.at(-1)?.at).toBe(blocks.at(-1)?.at);
  expect(Math.max(...few.map(({ level }) => level))).toBeCloseTo(Math.max(...blocks.map(({ level }) => level)), 0);
  expect(thinned([])).toEqual([]);
});
