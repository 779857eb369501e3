// What is probably wrong with a wire: a pure function with a table of cases, from the resistor or level to the words.
import { describe, expect, it } from "vitest";
import type { SeenSample, SeenValue } from "../../../edge/commissioning/questions/points.js";
import type { WiredPoint } from "../../../edge/commissioning/questions/wiring.js";
import { type WiringCase, wiringCases } from "../../../edge/commissioning/wiring/cases.js";
import { diagnose, type Live } from "../../../edge/commissioning/wiring/diagnose.js";
import { sayFound } from "../../../edge/commissioning/wiring/found.js";
import { howToTest } from "../../../edge/commissioning/wiring/how-to-test.js";
import { bandsOf, diagnoseLoop, ohmsText, voltsOf } from "../../../edge/commissioning/wiring/loop.js";
import { loopWith } from "../../../edge/commissioning/wiring/loop-offers.js";
import { classifyLoop } from "../../../edge/detection/loop.js";
import type { LoopConfig, ZoneConfig } from "../../../edge/model/zone.js";

const supply = { pullUpOhms: 1000, fullScale: 1023, tolerance: 0.1 };
const single: LoopConfig = { ...supply, endOhms: 1100 };
const double: LoopConfig = { ...supply, endOhms: 1100, alarmOhms: 1100 };
const uneven: LoopConfig = { ...supply, endOhms: 4700, alarmOhms: 2200, pullUpOhms: 4700 };
const triple: LoopConfig = { ...supply, endOhms: 1000, alarmOhms: 1000, maskOhms: 3000 };

const rawOf = ({ pullUpOhms, fullScale }: LoopConfig, ohms: number) =>
  ohms === Number.POSITIVE_INFINITY ? fullScale : (fullScale * ohms) / (ohms + pullUpOhms);

const loopRows: readonly [what: string, loop: LoopConfig, ohms: number, expected: WiringCase][] = [
  ["its end resistor", double, 1100, "loop-rest"],
  ["both resistors in series", double, 2200, "loop-alarm"],
  ["an open end", double, Number.POSITIVE_INFINITY, "loop-cut"],
  ["an open end of a single resistor", single, Number.POSITIVE_INFINITY, "loop-open"],
  ["nothing in between", double, 5, "loop-short"],
  ["the mask resistor too", triple, 4000, "loop-masked"],
  ["alarm and mask resistor", triple, 5000, "loop-alarm-masked"],
  ["both in parallel", double, 550, "loop-parallel"],
  ["two ends in parallel", single, 550, "loop-two-parallel"],
  ["two ends in series", { ...single, endOhms: 2000 }, 4000, "loop-two-series"],
  ["the alarm resistor alone", uneven, 2200, "loop-end-bridged"],
  ["another maker's resistor", single, 3300, "loop-other-set"],
  [
    "a 4.7 kΩ resistor where two of 10 kΩ belong",
    { ...double, endOhms: 10_000, alarmOhms: 10_000 },
    4710,
    "loop-other-set",
  ],
  ["two of 10 kΩ in parallel", { ...double, endOhms: 10_000, alarmOhms: 10_000 }, 4950, "loop-parallel"],
  ["a wet splice", uneven, 2500, "loop-leak"],
  ["a corroded terminal", single, 1500, "loop-series"],
  ["the mirror image: loop to the supply", { ...single, pullUpOhms: 4700, endOhms: 6000 }, 3682, "loop-inverted"],
];

describe("a loop", () => {
  it.each(loopRows)("with %s is explained", (_what, loop, ohms, expected) => {
    expect(diagnoseLoop(loop, rawOf(loop, ohms), []).map((found) => found.case)).toEqual([expected]);
  });

  it("says what was expected and what is seen, in both languages", () => {
    const [found] = diagnoseLoop(double, rawOf(double, 2200), []);
    if (found === undefined) throw new Error("nothing found");
    expect(sayFound(found, "en").seen).toBe(
      "1.10 kΩ expected at rest, 2.20 kΩ seen: both resistors in series. The alarm contact is open, or normally open and normally closed are swapped.",
    );
    expect(sayFound(found, "zh").seen).toContain("静态应为 1.10 kΩ，实测 2.20 kΩ");
  });

  it.each<[string, LoopConfig, number, readonly unknown[][]]>([
    [
      "the end resistor or the pull-up on the board",
      { pullUpOhms: 10_000, endOhms: 4700, fullScale: 1023, tolerance: 0.1 },
      2130,
      [
        ["loop.endOhms", 2200, "normal", 1980, 2420],
        ["loop.pullUpOhms", 22_000, "normal", 4230, 5170],
      ],
    ],
    [
      "the end or the alarm resistor",
      { ...supply, endOhms: 4700, alarmOhms: 4700 },
      6850,
      [
        ["loop.endOhms", 6800, "normal", 6120, 7480],
        ["loop.alarmOhms", 2200, "alarm", 6210, 7590],
      ],
    ],
    [
      "the end, the alarm or the mask resistor",
      { ...supply, endOhms: 1000, alarmOhms: 1000, maskOhms: 3300 },
      3280,
      [
        ["loop.endOhms", 3300, "normal", 2970, 3630],
        ["loop.alarmOhms", 2200, "alarm", 2880, 3520],
        ["loop.maskOhms", 2200, "masked", 2880, 3520],
      ],
    ],
  ])("of another maker may be %s, each with its bounds", (_what, loop, ohms, expected) => {
    const [found] = diagnoseLoop(loop, rawOf(loop, ohms), []);
    expect(found?.case).toBe("loop-other-set");
    expect(found?.offers?.map(({ key, value, as, fromOhms, toOhms }) => [key, value, as, fromOhms, toOhms])).toEqual(
      expected,
    );
    for (const offer of found?.offers ?? [])
      expect(classifyLoop(loopWith(loop, offer), rawOf(loop, ohms))).toBe(offer.as);
  });

  it("with more than its end resistor may have another alarm resistor as well as a bad terminal", () => {
    const loop = { ...double, tolerance: 0.05 };
    const [found] = diagnoseLoop(loop, rawOf(loop, 4400), []);
    expect(found).toMatchObject({ case: "loop-series", offers: [{ key: "loop.alarmOhms", value: 3300, as: "alarm" }] });
    expect(diagnoseLoop(single, rawOf(single, 1500), [])[0]?.offers).toEqual([]);
  });

  it("offers the setting that would fit: another resistor, another resolution", () => {
    expect(diagnoseLoop(single, rawOf(single, 3300), [])[0]?.offers).toEqual([
      { key: "loop.endOhms", value: 3300, as: "normal", fromOhms: 2970, toOhms: 3630 },
    ]);
    expect(diagnoseLoop(single, 2000, [])).toMatchObject([
      { case: "raw-beyond", offer: { key: "loop.fullScale", value: 4095 } },
    ]);
  });

  it("that jumps between its classes is unsteady before anything else", () => {
    const jumping = [500, 900, 500, 900, 500, 900].map((ohms) => rawOf(double, ohms * 1.1));
    expect(diagnoseLoop(double, jumping.at(-1) ?? 0, jumping)[0]?.case).toBe("unsteady");
    const opened = [1100, 1100, 2200, 2200].map((ohms) => rawOf(double, ohms));
    expect(diagnoseLoop(double, opened.at(-1) ?? 0, opened)).toHaveLength(1);
  });

  it.each([single, double, uneven, triple])("has bands without a gap that agree with the guard %#", (loop) => {
    const bands = bandsOf(loop);
    expect(bands[0]?.fromRaw).toBe(0);
    expect(bands.at(-1)?.toRaw).toBe(loop.fullScale);
    expect(bands.slice(1).map(({ fromRaw }) => fromRaw)).toEqual(bands.slice(0, -1).map(({ toRaw }) => toRaw));
    for (const band of bands) {
      const middle = Math.floor((band.fromRaw + band.toRaw) / 2);
      expect(classifyLoop(loop, Math.max(middle, band.fromRaw))).toBe(band.class);
    }
  });

  it("is shown in ohms and volts", () => {
    const texts = [470, 1100, 12_000, 4_700_000, Number.POSITIVE_INFINITY].map(ohmsText);
    expect(texts).toEqual(["470 Ω", "1.10 kΩ", "12.0 kΩ", "4.7 MΩ", "∞ Ω"]);
    expect(voltsOf(double, 1023 / 2)).toBe(2.5);
  });
});

const base = { id: "z", name: { zh: "门", en: "Door" }, area: "a", filterMs: 100, point: "p" } as const;
const door = (more: object = {}): ZoneConfig => ({ ...base, kind: "door-contact", ...more }) as ZoneConfig;
const wired = (kind: WiredPoint["kind"], more: object = {}, id = "p"): WiredPoint =>
  ({ driver: "d", kind, at: null, config: { id, direction: "in", ...more } }) as WiredPoint;
const live = (value: SeenValue, more: Partial<Live> = {}): Live => ({
  quality: "good",
  value,
  driverUp: true,
  samples: [],
  ...more,
});
const jumping: readonly SeenSample[] = Array.from({ length: 10 }, (_, index) => ({
  at: index * 100,
  heardAt: index * 100,
  value: index % 2 === 0,
  quality: "good",
}));

const contactRows: readonly [string, WiredPoint, ZoneConfig | null, Live, readonly WiringCase[]][] = [
  ["at rest", wired("mqtt"), door(), live(false), ["contact-rest"]],
  ["active", wired("mqtt"), door(), live(true), ["contact-active"]],
  ["at rest, normally closed", wired("mqtt"), door({ normally: "closed" }), live(true), ["contact-rest"]],
  ["active, normally closed", wired("mqtt"), door({ normally: "closed" }), live(false), ["contact-active"]],
  ["on a device that is away", wired("mqtt"), door(), live(true, { driverUp: false }), ["driver-down"]],
  ["that was never heard", wired("mqtt"), door(), live(null, { quality: null }), ["not-heard"]],
  ["that is lost", wired("mqtt"), door(), live(null, { quality: "lost" }), ["lost"]],
  [
    "of which only an old value is kept",
    wired("mqtt"),
    door(),
    live(true, { quality: "stale" }),
    ["stale", "contact-active"],
  ],
  ["with a number", wired("firmata"), door(), live(512), ["wrong-type"]],
  ["with two states where a loop is read", wired("gpio"), door({ loop: double }), live(true), ["wrong-type"]],
  ["that bounces", wired("mqtt"), door(), live(false, { samples: jumping }), ["chatter", "contact-rest"]],
  ["that floats on GPIO", wired("gpio"), door(), live(true, { samples: jumping }), ["floats", "contact-active"]],
  [
    "that bounces with a pull-up",
    wired("gpio", { bias: "pull-up" }),
    door(),
    live(true, { samples: jumping }),
    ["chatter", "contact-active"],
  ],
  ["that floats on a board", wired("firmata"), door(), live(true, { samples: jumping }), ["floats", "contact-active"]],
  ["as open case", wired("mqtt", {}, "t"), door({ tamper: "t" }), live(true), ["side-tamper"]],
  ["as shut case", wired("mqtt", {}, "t"), door({ tamper: "t" }), live(false), ["side-quiet"]],
  ["as mask", wired("mqtt", {}, "m"), door({ mask: "m" }), live(true), ["side-mask"]],
  ["of no zone", wired("mqtt"), null, live(true), ["side-on"]],
  ["that is an output", wired("mqtt", { direction: "out" }), null, live(true), ["output"]],
  [
    "that measures",
    wired("opcua"),
    { ...base, kind: "temperature", high: 30, low: 5, hysteresis: 1 },
    live(31),
    ["limit-above"],
  ],
  [
    "that measures too little",
    wired("opcua"),
    { ...base, kind: "temperature", high: 30, low: 5, hysteresis: 1 },
    live(4),
    ["limit-below"],
  ],
  [
    "that measures well",
    wired("opcua"),
    { ...base, kind: "temperature", high: 30, low: 5, hysteresis: 1 },
    live(20),
    ["limit-inside"],
  ],
];

describe("a point", () => {
  it.each(contactRows)("%s is explained", (...[, point, zone, seen, expected]) => {
    expect(diagnose(point, zone, seen).map((found) => found.case)).toEqual(expected);
  });

  it("wired the wrong way round is offered the other setting, in the words of the site file", () => {
    const [found] = diagnose(wired("mqtt"), door(), live(true));
    if (found === undefined) throw new Error("nothing found");
    expect(found.offer).toEqual({ key: "normally", value: "closed" });
    expect(sayFound(found, "en")).toMatchObject({ seen: expect.stringContaining("closed, normally open") });
    expect(sayFound(found, "zh")).toMatchObject({ next: expect.stringContaining("closed") });
  });
});

it("every case and every test stands in both languages, and every case is reached by a row", () => {
  for (const { seen, next } of Object.values(wiringCases))
    for (const text of [seen, next]) {
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(text.en).not.toMatch(/[\u4e00-\u9fff]/);
    }
  for (const text of Object.values(howToTest)) expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
  const reached = new Set([
    ...loopRows.map(([, , , expected]) => expected),
    ...contactRows.flatMap(([, , , , expected]) => expected),
  ]);
  const others = ["unsteady", "raw-beyond", "tampered", "out-of-range", "side-broken", "level"];
  expect(Object.keys(wiringCases).filter((name) => !reached.has(name as WiringCase) && !others.includes(name))).toEqual(
    [],
  );
});
