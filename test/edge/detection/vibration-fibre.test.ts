// The rules of the fibre detector, one by one, on small made signals: frames of 80 ms at 100 Hz, quiet of level 1.
import { describe, expect, it } from "vitest";
import { type FibreObservation, initialFibre, observeFibre } from "../../../edge/detection/vibration-fibre.js";
import type { FibreSettings } from "../../../edge/model/zone.js";

const settings: FibreSettings = {
  baselineMs: 20_000,
  threshold: 4,
  levelFloor: 0,
  eventCount: 3,
  eventWindowMs: 10_000,
  maskMs: 500,
  sustainedMs: 2500,
  windReject: 4,
};

const blockMs = 200;

/** Vibration of 20 Hz whose amplitude follows `height` over seconds, in blocks of 200 ms from box time 0. */
function listen(seconds: number, height: (second: number) => number, changed: Partial<FibreSettings> = {}) {
  const rateHz = 100;
  const seen: (FibreObservation & { at: number })[] = [];
  let state = initialFibre();
  for (let at = blockMs; at <= seconds * 1000; at += blockMs) {
    const values = Array.from({ length: (blockMs * rateHz) / 1000 }, (_, i) => {
      const second = (at - blockMs) / 1000 + i / rateHz;
      return 500 + height(second) * (1 + 0.1 * Math.sin(7.3 * second)) * Math.sin(2 * Math.PI * 21 * second);
    });
    const observation = observeFibre(state, { ...settings, ...changed }, { t0: 0, periodUs: 10_000, values }, at);
    state = observation.state;
    seen.push({ ...observation, at });
  }
  return seen;
}

const detections = (seen: readonly FibreObservation[]) => seen.flatMap(({ detection }) => detection ?? []);

/** Quiet with blows of `strength` that ring for a few tenths of a second. */
function blows(times: readonly number[], strength = 50) {
  return (second: number) =>
    times.reduce((sum, at) => sum + (second >= at ? strength * Math.exp(-(second - at) / 0.1) : 0), 1);
}

describe("counting blows", () => {
  it("the blow that completes the count is the moment of the alarm, the first blow that of the first activity", () => {
    const [alarm, ...more] = detections(listen(30, blows([10, 12, 14])));
    expect(more).toEqual([]);
    expect(alarm?.cause).toBe("fibre-cut");
    expect(alarm?.firstActivityAt).toBeGreaterThan(10_000);
    expect(alarm?.firstActivityAt).toBeLessThan(10_300);
    expect(alarm?.occurredAt).toBeGreaterThan(14_000);
    expect(alarm?.occurredAt).toBeLessThan(14_300);
  });

  it("the alarm is told in the block that completes the count", () => {
    const told = listen(30, blows([10, 12, 14])).find(({ detection }) => detection);
    expect(told && told.at - (told.detection?.occurredAt ?? 0)).toBeLessThan(blockMs);
  });

  it("blows further apart than the window raise no alarm", () => {
    expect(detections(listen(50, blows([10, 20, 31, 41])))).toEqual([]);
  });

  it("the rebound of a blow within the mask time is no second event", () => {
    expect(detections(listen(30, blows([10, 10.3, 12, 12.3])))).toEqual([]);
  });

  it("after an alarm the count starts anew, so that blows that go on are told again", () => {
    expect(detections(listen(40, blows([10, 12, 14, 16, 18, 20])))).toHaveLength(2);
  });

  it("first blows are shown as activity until they leave the window", () => {
    const active = listen(40, blows([10, 12])).filter(({ activity }) => activity);
    expect(active[0]?.at).toBeLessThan(10_500);
    expect(active.at(-1)?.at).toBeGreaterThan(21_000);
    expect(active.at(-1)?.at).toBeLessThan(23_000);
  });

  it("blows below the level floor are not counted", () => {
    expect(detections(listen(30, blows([10, 12, 14]), { levelFloor: 100 }))).toEqual([]);
  });

  it("a count of one makes every blow an alarm", () => {
    expect(detections(listen(30, blows([10, 20]), { eventCount: 1 }))).toHaveLength(2);
  });
});

describe("sustained activity", () => {
  const saw = (second: number) => (second >= 10 && second < 20 ? 20 : 1);

  it("activity is a climb when it has lasted for the sustained time", () => {
    const [alarm] = detections(listen(15, saw));
    expect(alarm?.cause).toBe("fibre-climb");
    expect(alarm?.firstActivityAt).toBeGreaterThanOrEqual(10_000);
    expect(alarm?.firstActivityAt).toBeLessThan(10_200);
    expect((alarm?.occurredAt ?? 0) - (alarm?.firstActivityAt ?? 0)).toBeGreaterThanOrEqual(settings.sustainedMs);
    expect((alarm?.occurredAt ?? 0) - (alarm?.firstActivityAt ?? 0)).toBeLessThan(settings.sustainedMs + 200);
  });

  it("a saw only seven times as loud as quiet is not learnt as wind while it runs", () => {
    expect(detections(listen(20, (second) => (second >= 10 ? 7 : 1)))).not.toEqual([]);
  });

  it("a breath between two strokes does not end it", () => {
    const strokes = (second: number) => (second >= 10 && second % 1 > 0.15 ? 20 : 1);
    expect(detections(listen(15, strokes)).length).toBeGreaterThan(0);
  });

  it("a saw that starts softly is no wind once it is louder than wind may be", () => {
    const soft = (second: number) => Math.min(60, Math.max(1, 1.3 ** (second - 10)));
    expect(detections(listen(40, soft)).length).toBeGreaterThan(0);
    expect(detections(listen(40, soft, { windReject: 10 }))).toEqual([]);
  });
});

describe("the climb's own threshold", () => {
  const rub = (times: number) => (second: number) => (second >= 10 && second < 20 ? times : 1);
  const caused = (seen: readonly FibreObservation[]) => detections(seen).map(({ cause }) => cause);

  it("soft activity is a climb where only the climb is set more sensitive", () => {
    expect(caused(listen(15, rub(3)))).toEqual([]);
    expect(caused(listen(15, rub(3), { climbThreshold: 2 }))).toEqual(["fibre-climb"]);
  });

  it("activity below it is none, and blows are still a cut", () => {
    expect(caused(listen(15, rub(7), { climbThreshold: 20 }))).toEqual([]);
    expect(caused(listen(30, blows([10, 12, 14]), { climbThreshold: 100 }))).toEqual(["fibre-cut"]);
  });

  it("a more sensitive climb does not make a cut of softer blows", () => {
    expect(caused(listen(30, blows([10, 12, 14], 2.5), { climbThreshold: 2 }))).toEqual([]);
  });
});

describe("why no alarm", () => {
  const at = (seen: ReturnType<typeof listen>, ms: number) => seen.find((each) => each.at === ms)?.look;
  const verdicts = (seen: ReturnType<typeof listen>, from: number, to: number) =>
    seen.flatMap((each) => (each.at > from && each.at <= to && each.look ? [each.look.verdict] : []));

  it("quiet is below the threshold, shown with its level", () => {
    const look = at(
      listen(10, () => 1),
      8_000,
    );
    expect(look).toMatchObject({ verdict: "below-threshold" });
    expect(Number(look?.seen)).toBeGreaterThan(0.4);
    expect(Number(look?.seen)).toBeLessThan(1);
    expect(look?.limit).toBeGreaterThan(2);
  });

  it("the first seconds are learning", () => {
    expect(
      at(
        listen(10, () => 1),
        1_000,
      ),
    ).toMatchObject({ verdict: "learning" });
  });

  it("a first blow is too few events, its rebound is dead time", () => {
    const seen = listen(15, blows([10, 10.3]));
    expect(seen.find(({ look }) => look?.verdict === "too-few-events")?.look).toEqual({
      verdict: "too-few-events",
      seen: 1,
      limit: 3,
    });
    expect(verdicts(seen, 10_200, 10_600)).toContain("dead-time");
    expect(at(seen, 14_000)).toMatchObject({ verdict: "below-threshold" });
  });

  it("activity that stops too soon did not pass the sustained time", () => {
    const seen = listen(15, (second) => (second >= 10 && second < 12 ? 20 : 1));
    const look = at(seen, 11_800);
    expect(look).toMatchObject({ verdict: "filter-not-passed", limit: settings.sustainedMs });
    expect(Number(look?.seen)).toBeGreaterThan(1_500);
  });

  it("the block of an alarm was not held back", () => {
    for (const { detection, look } of listen(30, blows([10, 12, 14])))
      expect(detection === undefined).toBe(look !== null);
  });
});

describe("wind gate", () => {
  const wind = (second: number) => Math.max(1, Math.min(8, 1 + (second - 20) / 2));

  it("wind that rises over 14 s raises the threshold and no alarm", () => {
    const seen = listen(60, wind);
    expect(detections(seen)).toEqual([]);
    expect(seen.at(-1)?.threshold).toBeGreaterThan(2 * (seen[75]?.threshold ?? 0));
  });

  it("with the gate off the same wind is an alarm", () => {
    expect(detections(listen(60, wind, { windReject: 1 })).length).toBeGreaterThan(0);
  });

  it("when the wind is over a knock counts as before", () => {
    const over = (second: number) => (second < 40 ? wind(second) : blows([60, 62, 64], 12)(second));
    expect(detections(listen(70, over))).toHaveLength(1);
  });
});

describe("baseline", () => {
  it("nothing is judged before it has learnt for some seconds", () => {
    const seen = listen(4, blows([0.5, 1.2, 2]));
    expect(detections(seen)).toEqual([]);
    expect(seen[0]?.learning).toBe(true);
    expect(seen.at(-1)?.learning).toBe(false);
  });

  it("after the gain went up tenfold blows are found again, and quiet is quiet", () => {
    const gained = (second: number) => (second < 30 ? 1 : 10 * blows([150, 152, 154])(second));
    const late = detections(listen(170, gained)).filter(({ occurredAt }) => occurredAt > 60_000);
    expect(late).toHaveLength(1);
    expect(late[0]?.occurredAt).toBeGreaterThan(154_000);
  });

  it("after the gain went down tenfold blows are found again", () => {
    const gained = (second: number) => (second < 30 ? 1 : 0.1 * blows([60, 62, 64], 15)(second));
    expect(detections(listen(70, gained))).toHaveLength(1);
  });

  it("a source that stood still for a minute raises no alarm when it goes on", () => {
    expect(detections(listen(120, (second) => (second > 20 && second < 80 ? 0 : 1)))).toEqual([]);
  });
});

describe("sources", () => {
  /** Values of `rateHz` from `value(second)`, in blocks of a quarter second. */
  function feed(rateHz: number, seconds: number, value: (second: number) => number) {
    let state = initialFibre();
    const samples = Math.max(1, Math.round(rateHz / 4));
    const found: FibreObservation[] = [];
    for (let start = 0; start < seconds * rateHz; start += samples) {
      const values = Array.from({ length: samples }, (_, i) => value((start + i) / rateHz));
      const at = ((start + samples) * 1000) / rateHz;
      const seen = observeFibre(state, settings, { t0: 0, periodUs: 1e6 / rateHz, values }, at);
      state = seen.state;
      found.push(seen);
    }
    return found;
  }
  const wobble = (second: number) => 1 + 0.3 * Math.sin(50 * second) + 0.2 * Math.sin(131 * second);

  it.each([10, 20, 50])("levels of a processor at %i Hz: three blows are an alarm", (rateHz) => {
    const level = (second: number) => wobble(second) * blows([20, 22, 24])(second);
    expect(detections(feed(rateHz, 40, level))).toHaveLength(1);
    expect(detections(feed(rateHz, 40, wobble))).toEqual([]);
  });

  it("values of 0 to 1 at 1000 Hz: three blows are an alarm", () => {
    const level = (second: number) => 0.5 + 0.004 * blows([20, 22, 24])(second) * Math.sin(400 * second);
    expect(detections(feed(1000, 40, level))).toHaveLength(1);
  });

  it("an infinite number changes nothing", () => {
    const level = (second: number) => wobble(second) * blows([20, 22, 24])(second);
    const broken = (second: number) => (second === 10 ? Number.POSITIVE_INFINITY : level(second));
    expect(detections(feed(50, 40, broken))).toHaveLength(1);
  });

  it("the jitter of arrival changes nothing", () => {
    let state = initialFibre();
    const found = [];
    for (let block = 0; block < 200; block += 1) {
      const values = Array.from({ length: 20 }, (_, i) => {
        const second = block * 0.2 + i / 100;
        return blows([20, 20.8, 21.6])(second) * Math.sin(2 * Math.PI * 21 * second);
      });
      // Every second of blocks arrives at once.
      const at = (Math.floor(block / 5) + 1) * 1000;
      const seen = observeFibre(state, settings, { t0: block * 200, periodUs: 10_000, values }, at);
      state = seen.state;
      if (seen.detection) found.push(seen.detection);
    }
    expect(found).toHaveLength(1);
  });

  it("a saw before a gap in the signal does not go on after it", () => {
    const saw = (second: number) => 500 + (second > 10 ? 20 : 1) * Math.sin(2 * Math.PI * 21 * second);
    let state = initialFibre();
    const found = [];
    for (let block = 0; block < 62; block += 1) {
      const values = Array.from({ length: 20 }, (_, i) => saw(block * 0.2 + i / 100));
      const at = (block + 1) * 200 + (block < 60 ? 0 : 60_000);
      const seen = observeFibre(state, settings, { t0: 0, periodUs: 10_000, values }, at);
      state = seen.state;
      found.push(...detections([seen]));
    }
    expect(found).toEqual([]);
    expect(state.activeMs).toBeLessThan(500);
  });
});
