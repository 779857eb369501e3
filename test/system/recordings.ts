// Recorded vibration over the whole real path: simulator, MQTT, the broker in the box, controller, journal.
import { expect } from "vitest";
import { playLive } from "../../scripts/recordings/live.js";
import { add, knock, quietFor, recordingFile } from "../../scripts/recordings/signals.js";

const quietMs = 6_000;
/** The third blow of recording b16, by the detector alone, and where chance may put the detector's frames. */
const thirdBlowMs = 2_370;
const chanceMs = 150;

/** */
export async function testRecordings(): Promise<void> {
  const knocked = add(add(quietFor(14), knock(0), 5), knock(1), 9);
  const { alarms, troubles } = await playLive([
    { id: "machete", plays: recordingFile("mac_far_new_sd_b16"), quietMs },
    { id: "knocks", plays: knocked, quietMs: 0 },
  ]);
  const [first] = alarms.get("machete") ?? [];
  expect(first?.occurredAt).toBeGreaterThan(thirdBlowMs - chanceMs);
  expect(first?.occurredAt).toBeLessThan(thirdBlowMs + chanceMs);
  expect((first?.detectedAt ?? Number.NaN) - (first?.occurredAt ?? Number.NaN)).toBeLessThan(1_000);
  expect(alarms.get("knocks")).toEqual([]);
  expect(troubles).toEqual([]);
}
