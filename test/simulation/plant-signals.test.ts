// What loops and fibres of the plant give: resistances as raw values, and levels that look like the recordings.
import { describe, expect, it } from "vitest";
import {
  type Fibre,
  type LevelBlock,
  quietDeviation,
  quietMean,
  restingFibre,
  settleFibre,
  takeLevel,
} from "../../simulators/plant/fibre.js";
import { type Line, lineLevel } from "../../simulators/plant/line.js";
import { randomStream } from "../../simulators/plant/random.js";

const resistors = { pullUpOhms: 4_700, endOhms: 4_700, alarmOhms: 4_700 };
const periodUs = 3_003;

function take(fibre: Fibre, fromMs: number, untilMs: number): LevelBlock {
  return takeLevel(fibre, { nextAt: fromMs, seed: 3 }, periodUs, untilMs).block;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Deviation of each quarter of a second, as multiples of the quiet. */
function loudness(fibre: Fibre, fromMs: number, untilMs: number): readonly number[] {
  const { values } = take(fibre, fromMs, untilMs);
  const size = 83;
  return Array.from({ length: Math.floor(values.length / size) }, (_, index) =>
    Math.round(deviation(values.slice(index * size, (index + 1) * size)) / quietDeviation),
  );
}

describe("a double end-of-line loop", () => {
  const rows: { line: Line; raw: number }[] = [
    { line: { contact: "closed", wiring: "sound" }, raw: 512 },
    { line: { contact: "open", wiring: "sound" }, raw: 682 },
    { line: { contact: "closed", wiring: "cut" }, raw: 1_023 },
    { line: { contact: "open", wiring: "short" }, raw: 0 },
  ];
  it.each(rows)("gives $raw for $line.contact and $line.wiring", ({ line, raw }) => {
    expect(Math.round(lineLevel(line, resistors, 1_023))).toBe(raw);
  });
});

describe("a fibre's level", () => {
  it("is in quiet like the recordings: their mean, their deviation, no memory from sample to sample", () => {
    const { values } = take(restingFibre, 0, 60_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - quietMean)).toBeLessThan(3);
    expect(Math.abs(deviation(values) - quietDeviation)).toBeLessThan(2);
    const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
    expect(deviation(steps) / quietDeviation).toBeCloseTo(Math.SQRT2, 1);
  });

  it("comes in blocks without gap or overlap, the same for the same seed", () => {
    const whole = take(restingFibre, 0, 1_000).values;
    const first = takeLevel(restingFibre, { nextAt: 0, seed: 3 }, periodUs, 250);
    const second = takeLevel(restingFibre, first.sampler, periodUs, 1_000);
    expect([...first.block.values, ...second.block.values]).toEqual(whole);
    expect(second.block.t0).toBeCloseTo((first.block.values.length * periodUs) / 1_000, 6);
  });

  it("shows a cut as several blows, a climb as one long unrest, a knock as a single blow", () => {
    const loud = (kind: "cut" | "climb" | "knocks", untilMs: number) =>
      loudness({ ...restingFibre, activities: [{ kind, from: 0 }] }, 0, untilMs).map((level) => level > 8);
    expect(loud("cut", 5_000).filter(Boolean).length).toBeGreaterThanOrEqual(6);
    expect(loud("climb", 5_500).every(Boolean)).toBe(true);
    expect(loud("knocks", 10_000).filter(Boolean)).toHaveLength(1);
  });

  it("swells slowly in wind and falls back to quiet", () => {
    const levels = loudness({ ...restingFibre, activities: [{ kind: "wind", from: 0 }] }, 0, 45_000);
    expect(levels[0]).toBe(1);
    expect(Math.max(...levels)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...levels)).toBeLessThanOrEqual(6);
    expect(levels.at(-1)).toBe(1);
  });

  it("plays a recording sample by sample at its time, times the gain, and forgets it afterwards", () => {
    const values = Array.from({ length: 100 }, (_, index) => 1_000 + index);
    const playing: Fibre = { ...restingFibre, gain: 0.1, recording: { values, from: 30.03 } };
    const taken = take(playing, 0, 400).values;
    expect(taken.slice(10, 110)).toEqual(values.map((value) => Math.round(value * 10) / 100));
    expect(taken[9]).toBeGreaterThan(1_600);
    expect(settleFibre(playing, periodUs, 200).recording).not.toBeNull();
    expect(settleFibre(playing, periodUs, 5_000).recording).toBeNull();
  });
});

describe("a random stream", () => {
  it("is the same for the same seed and goes on from its state", () => {
    const one = randomStream(42);
    const drawn = [one.next(), one.next()];
    const next = randomStream(one.state()).next();
    expect([...drawn, next]).toEqual(((other) => [other.next(), other.next(), other.next()])(randomStream(42)));
    expect(new Set(drawn).size).toBe(2);
  });
});
