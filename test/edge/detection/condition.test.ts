import { describe, expect, it } from "vitest";
import { conditionOf } from "../../../edge/detection/condition.js";
import type { PointValue, Quality } from "../../../edge/model/point.js";
import type { Condition, Readings } from "../../../edge/model/state.js";
import { subsystems, type ZoneConfig, type ZoneKind, zoneTraits } from "../../../edge/model/zone.js";

const base = { id: "z", name: { zh: "区", en: "z" }, area: "a" };
const contact = { ...base, point: "p", filterMs: 100 };
const loop = { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, maskOhms: 12_000, fullScale: 1023, tolerance: 0.2 };
const rawOf = (ohms: number) => Math.round((1023 * ohms) / (ohms + 4700));

const door: ZoneConfig = { ...contact, kind: "door-contact", loop };
const beam: ZoneConfig = { ...contact, kind: "infrared-beam", tamper: "t", mask: "m" };
const panic: ZoneConfig = { ...contact, kind: "panic-button", audible: true };
const fire: ZoneConfig = { ...contact, kind: "fire-input", releaseWired: true };
const passive: ZoneConfig = { ...contact, kind: "passive-infrared", normally: "closed" };
const fibreAlarm: ZoneConfig = { ...contact, kind: "fibre-alarm", broken: "b" };
const access: ZoneConfig = {
  ...contact,
  kind: "access-door",
  tamper: "t",
  granted: "g",
  grantMs: 5_000,
  heldOpenMs: 30_000,
};
const rush: ZoneConfig = { ...base, kind: "vehicle-rush", barrier: "b", first: "p", second: "t", rushMs: 1_500 };
const turnstile: ZoneConfig = { ...base, kind: "turnstile", granted: "g", passed: "p", grantMs: 5_000, tamper: "t" };
const fibre: ZoneConfig = {
  ...base,
  kind: "vibration-fibre",
  level: "p",
  broken: "b",
  settings: {
    baselineMs: 20_000,
    threshold: 4,
    levelFloor: 0,
    eventCount: 3,
    eventWindowMs: 10_000,
    maskMs: 500,
    sustainedMs: 2_500,
    windReject: 4,
  },
};

type Shown = readonly [value: PointValue | null, quality?: Quality];
type Points = Readonly<Record<string, Shown>>;

function readings(points: Points): Readings {
  return Object.fromEntries(
    Object.entries(points).map(([point, [value, quality = "good"]]) => [
      point,
      { sample: { point, value, quality, occurredAt: 0 }, heardAt: 0 },
    ]),
  );
}

/** `breach door-opened`, `normal`. */
function word(condition: Condition): string {
  return "cause" in condition ? `${condition.kind} ${condition.cause}` : condition.kind;
}

type Row = readonly [what: string, zone: ZoneConfig, points: Points, expected: string];

describe("condition of a contact", () => {
  it.each([
    ["A-35: an open door", { ...contact, kind: "door-contact" }, "door-opened"],
    ["A-35: a blocked infrared beam", beam, "beam-blocked"],
    ["A-35: a passive infrared detector", { ...contact, kind: "passive-infrared" }, "motion-seen"],
    ["A-84: water on the floor of the pump room", { ...contact, kind: "leak" }, "leak-found"],
    ["A-85: a video analyser's mark", { ...contact, kind: "video-analyser", camera: "cam-1" }, "video-event"],
    ["A-82: a supply that failed", { ...contact, kind: "power", supply: "mains" }, "supply-failed"],
    ["A-40: a blocked fire lane", { ...contact, kind: "fire-lane" }, "lane-blocked"],
    ["a vehicle on a loop", { ...contact, kind: "vehicle-loop" }, "vehicle-present"],
    ["a fibre processor's relay", fibreAlarm, "fibre-alarm"],
    ["a pressed button", panic, "panic-pressed"],
    ["a fire panel's signal", fire, "fire-signalled"],
    ["an opened cabinet", { ...contact, kind: "tamper" }, "tampered"],
    ["an opened access door", access, "door-opened"],
  ] as readonly (readonly [string, ZoneConfig, string])[])("%s is a breach of its own cause", (_what, zone, cause) => {
    const isActive = !("normally" in zone && zone.normally === "closed");
    expect(word(conditionOf(zone, readings({ p: [isActive] })))).toBe(`breach ${cause}`);
    expect(word(conditionOf(zone, readings({ p: [!isActive] })))).toBe("normal");
  });

  it.each([
    ["a normally closed relay that is closed", passive, { p: [true] }, "normal"],
    ["a normally closed relay that opens", passive, { p: [false] }, "breach motion-seen"],
    ["an open cover, blocked or not", beam, { p: [true], t: [true], m: [false] }, "tamper tampered"],
    ["a covered detector", beam, { p: [false], t: [false], m: [true] }, "tamper masked"],
    ["a blocked beam whose cover is not seen", beam, { p: [true] }, "breach beam-blocked"],
    ["a blocked beam whose cover is lost", beam, { p: [true], t: [null, "lost"] }, "breach beam-blocked"],
    ["a clear beam whose cover is lost", beam, { p: [false], t: [null, "lost"] }, "fault signal-lost"],
    ["a clear beam whose cover is remembered", beam, { p: [false], t: [true, "stale"] }, "normal"],
    ["a beam that is lost with its cover", beam, { p: [null, "lost"], t: [null, "lost"] }, "unknown"],
    ["a cover whose line was tampered with", beam, { p: [false], t: [null, "tampered"] }, "tamper tampered"],
    ["a beam not heard of", beam, { t: [false] }, "unknown"],
    ["a retained value", beam, { p: [true, "stale"], t: [false] }, "unknown"],
    ["a beam that speaks in numbers", beam, { p: [1], t: [false] }, "unknown"],
    ["a line that its driver calls tampered", panic, { p: [null, "tampered"] }, "tamper tampered"],
    ["a button out of range", panic, { p: [null, "out-of-range"] }, "fault loop-out-of-range"],
    ["a broken fibre, alarm or not", fibreAlarm, { p: [true], b: [true] }, "tamper fibre-broken"],
    ["an access door whose grant is lost", access, { p: [false], g: [null, "lost"] }, "fault signal-lost"],
    ["an access door that is let open", access, { p: [true], g: [true] }, "breach door-opened"],
  ] as readonly Row[])("%s", (_what, zone, points, expected) => {
    expect(word(conditionOf(zone, readings(points)))).toBe(expected);
  });
});

describe("condition of a loop", () => {
  const loops: readonly ZoneConfig[] = [door, { ...panic, loop }, { ...fire, loop }];

  it.each(loops)("a cut, shorted or masked line of a $kind is a tamper of that zone", (zone) => {
    const found = [1023, 0, rawOf(16_700)].map((raw) => word(conditionOf(zone, readings({ p: [raw] }))));
    expect(found).toEqual(["tamper loop-cut", "tamper loop-short", "tamper masked"]);
  });

  it.each([
    ["closed", rawOf(4700), "normal"],
    ["open", rawOf(9400), "breach door-opened"],
    ["open and masked", rawOf(21_400), "breach door-opened"],
    ["with a wrong resistor", rawOf(6600), "fault loop-out-of-range"],
    ["that speaks in words", "open", "unknown"],
  ] as const)("a door loop %s", (_what, value, expected) => {
    expect(word(conditionOf(door, readings({ p: [value] })))).toBe(expected);
  });
});

describe("condition of kinds that speak in moments", () => {
  it.each([
    ["two loops in sight", rush, { p: [true], t: [false] }, "normal"],
    ["one loop in sight", rush, { p: [true], t: [null, "lost"] }, "unknown"],
    ["a loop out of range", rush, { p: [null, "out-of-range"], t: [false] }, "fault loop-out-of-range"],
    ["a tampered loop beside a lost one", rush, { p: [null, "lost"], t: [null, "tampered"] }, "tamper tampered"],
    ["a turnstile in sight", turnstile, { p: [false], g: [false], t: [false] }, "normal"],
    ["an opened turnstile", turnstile, { p: [false], g: [false], t: [true] }, "tamper tampered"],
    ["a turnstile whose grants are lost", turnstile, { p: [false], g: [null, "lost"] }, "unknown"],
    ["a fibre in sight", fibre, { p: [1], b: [false] }, "normal"],
    ["a broken fibre", fibre, { p: [1], b: [true] }, "tamper fibre-broken"],
    ["a fibre that is lost", fibre, { p: [null, "lost"], b: [false] }, "unknown"],
  ] as readonly Row[])("%s", (_what, zone, points, expected) => {
    expect(word(conditionOf(zone, readings(points)))).toBe(expected);
  });
});

describe("traits of zone kinds", () => {
  const kinds = Object.keys(zoneTraits) as ZoneKind[];

  it("A-05: every kind belongs to one of the four subsystems, and each subsystem has its kinds", () => {
    const found = new Set(kinds.map((kind) => zoneTraits[kind].subsystem));
    expect(subsystems).toHaveLength(4);
    expect([...found].sort()).toEqual([...subsystems].sort());
  });

  it("A-82: supplies open incidents of a class of their own", () => {
    expect(kinds.filter((kind) => zoneTraits[kind].incident === "power")).toEqual(["power", "voltage"]);
  });

  it("A-81: a pedestrian's rush is of lower priority than a vehicle's", () => {
    expect(zoneTraits["pedestrian-rush"].priority).toBeGreaterThan(zoneTraits["vehicle-rush"].priority);
  });
});
