// The inner view of the fibre detector beside the detector itself, on real blows and a real saw.
import { describe, expect, it } from "vitest";
import { traceFibre } from "../../../edge/detection/fibre-trace.js";
import { attackOf, livesThrough, plainSettings } from "../../support/fibre-recordings.js";

const attacks = ["mac_far_new_sd_b16", "chain_far_new_sd_c32", "chain_far_new_sd_c41"];

function traced(name: string, settings = plainSettings) {
  const recording = attackOf("tap", name);
  let state = recording.start;
  return recording.blocks.map(({ at, block }) => {
    const trace = traceFibre(state, settings, block, at);
    ({ state } = trace.observation);
    return trace;
  });
}

describe.each(attacks)("the inner view of %s", (name) => {
  it("judges as the detector does, block by block", () => {
    const recording = attackOf("tap", name);
    const live = livesThrough({ ...recording, settings: plainSettings });
    expect(traced(name).map(({ observation }) => observation)).toEqual(live);
  });

  it("ends each block with what the detector counts", () => {
    for (const { observation, frames } of traced(name)) {
      const last = frames.at(-1);
      if (last === undefined) continue;
      expect(last.events).toBe(observation.state.events.length);
      expect(last.activeMs).toBe(observation.state.activeMs);
      expect(Math.max(...frames.map(({ level }) => level))).toBe(observation.level);
    }
  });

  it("marks as event what is stronger than threshold and restless weather ask for, outside the mask time", () => {
    for (const frame of traced(name).flatMap(({ frames }) => frames)) {
      const { strength, restless, isMasked, isLearning, isEvent } = frame;
      const counts = strength > Math.max(plainSettings.threshold, restless) && !isMasked && !isLearning;
      expect(isEvent).toBe(counts);
    }
  });
});
