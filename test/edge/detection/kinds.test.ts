// Zone kinds end to end: the sensor's sample at a whole box in virtual time, to the confirmed siren within 5 s.
import { describe, expect, it } from "vitest";
import type { Cause, IncidentKind } from "../../../edge/model/incident.js";
import type { PointValue } from "../../../edge/model/point.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { pointsOfZone, type ZoneConfig, zoneTraits } from "../../../edge/model/zone.js";
import { HandFed } from "../../support/hand-fed.js";

const called = (name: string) => ({ zh: name, en: name });

/** A zone's own words, without what all have. */
type Kind = ZoneConfig extends infer Z ? (Z extends ZoneConfig ? Omit<Z, "id" | "name" | "area"> : never) : never;

/** A box that guards one zone with a siren, next to a gate that is closed. */
function boxFor(kind: Kind, isArmed = true): HandFed {
  const zone = { id: "z", name: called("z"), area: "yard", ...kind } as ZoneConfig;
  const inputs = [...pointsOfZone(zone), "gate-closed", "gate-open"];
  const outputs = ["siren", "gate-up", "gate-down"];
  const config: EdgeConfig = {
    id: "box",
    name: called("box"),
    http: { host: "127.0.0.1", port: 0 },
    drivers: [
      {
        id: "io",
        kind: "gpio",
        chip: "io",
        points: [
          ...inputs.map((id, line) => ({ id, direction: "in" as const, line })),
          ...outputs.map((id, line) => ({ id, direction: "out" as const, line: 40 + line })),
        ],
      },
    ],
    areas: [{ id: "yard", name: called("yard"), kind: "equipment-room", armedAtStart: isArmed }],
    zones: [zone],
    barriers: [
      {
        id: "gate",
        name: called("gate"),
        area: "yard",
        kind: "boom-gate",
        entrance: "main",
        drive: { kind: "relays", close: "gate-down", open: "gate-up" },
        closed: "gate-closed",
        open: "gate-open",
        interlocks: [],
        travelMs: 2_000,
        warnMs: 0,
        clearMs: 1_000,
        onFire: "hold",
        afterStandDown: "stay",
      },
    ],
    groups: [{ id: "all", name: called("all"), barriers: ["gate"], staggerMs: 0 }],
    annunciators: [
      { id: "siren", name: called("siren"), kind: "siren-strobe", points: ["siren"], soundMsMax: 180_000 },
    ],
    responses: [
      {
        id: "sound",
        name: called("sound"),
        on: [{ zones: ["z"] }],
        steps: [{ id: "siren", kind: "announce", annunciator: "siren", withinMs: 5_000 }],
      },
    ],
    journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 8 },
    settleMs: 1_000,
  };
  return new HandFed(config, { "gate-closed": true, "gate-open": false, ...restOf(zone) });
}

function restOf(zone: ZoneConfig): Readonly<Record<string, PointValue>> {
  return "hysteresis" in zone
    ? { [zone.point]: ((zone.high ?? zone.low ?? 0) + (zone.low ?? zone.high ?? 0)) / 2 }
    : {};
}

type Happening = readonly (readonly [afterMs: number, point: string, value: PointValue])[];

const contact = { point: "p", filterMs: 100 };
const level = { point: "p", hysteresis: 1, filterMs: 500 };
const door: Kind = {
  ...contact,
  kind: "access-door",
  granted: "g",
  grantMs: 5_000,
  heldOpenMs: 30_000,
  heldOpenRaisedMs: 10_000,
};
const turnstile: Kind = { kind: "turnstile", granted: "g", passed: "p", grantMs: 5_000 };
const lane = { barrier: "gate", first: "one", second: "two", rushMs: 1_500 };
const opened: Happening = [[100, "p", true]];
const through: Happening = [
  [100, "one", true],
  [600, "two", true],
];

describe("a zone of each kind sounds the siren within 5 s", () => {
  it.each([
    ["A-35: an opened door", { ...contact, kind: "door-contact" }, opened, "door-opened"],
    ["A-35: a blocked infrared beam", { ...contact, kind: "infrared-beam", filterMs: 40 }, opened, "beam-blocked"],
    ["A-35: motion before a passive infrared", { ...contact, kind: "passive-infrared" }, opened, "motion-seen"],
    ["A-35: heat", { ...level, kind: "temperature", high: 40, low: 0 }, [[100, "p", 60]], "too-high"],
    ["A-35: damp", { ...level, kind: "humidity", high: 80, low: 20 }, [[100, "p", 95]], "too-high"],
    ["A-84: a leak in the pump room", { ...contact, kind: "leak" }, opened, "leak-found"],
    ["A-84: a tank that runs dry", { ...level, kind: "liquid-level", high: 90, low: 20 }, [[100, "p", 10]], "too-low"],
    [
      "A-85: an event of a video analyser",
      { ...contact, kind: "video-analyser", camera: "cam-1" },
      opened,
      "video-event",
    ],
    ["A-82: mains that fail", { ...contact, kind: "power", supply: "mains" }, opened, "supply-failed"],
    ["A-82: a battery that runs down", { ...level, kind: "voltage", high: 15, low: 11 }, [[100, "p", 10]], "too-low"],
    ["A-40: a blocked fire lane", { ...contact, kind: "fire-lane" }, opened, "lane-blocked"],
    ["A-19: a forced door", door, opened, "door-forced"],
    ["A-39: a tailgater", turnstile, opened, "tailgating"],
    ["A-81: a vehicle that rushes a closed lane", { ...lane, kind: "vehicle-rush" }, through, "vehicle-rush"],
    ["A-81: a pedestrian who rushes a closed lane", { ...lane, kind: "pedestrian-rush" }, through, "pedestrian-rush"],
  ] as readonly (readonly [string, Kind, Happening, Cause])[])("%s", (_what, kind, happening, cause) => {
    const box = boxFor(kind);
    for (const [afterMs, point, value] of happening) {
      box.pass(afterMs);
      box.set(point, value);
    }
    const occurredAt = box.mono;
    box.pass(5_000);
    expect(box.outputs["siren"]).toBe(true);
    expect(box.of("zone.breached")).toMatchObject([{ zone: "z", cause, kind: zoneTraits[kind.kind].incident }]);
    const [met] = box.of("step.met");
    expect((met?.confirmedAt.mono ?? Number.NaN) - occurredAt).toBeLessThan(5_000);
  });
});

describe("kinds that speak at any hour", () => {
  const expected: readonly (readonly [Kind, IncidentKind])[] = [
    [{ ...contact, kind: "power", supply: "mains" }, "power"],
    [{ ...contact, kind: "leak" }, "utility"],
    [{ ...contact, kind: "fire-lane" }, "obstruction"],
  ];
  it.each(expected)(
    "A-82, A-84, A-40: $kind in a disarmed area opens an incident of the class %s",
    (kind, incident) => {
      const box = boxFor(kind, false);
      box.set("p", true);
      box.pass(1_000);
      expect(box.of("incident.opened")).toMatchObject([{ incident: { kind: incident } }]);
    },
  );
});

describe("a controlled door at a box", () => {
  it("A-19: held open is an alarm that no sample brings, and a granted passage is none", () => {
    const box = boxFor(door);
    for (const held of [false, true]) {
      box.set("g", true);
      box.set("p", true);
      box.set("g", false);
      box.pass(held ? 29_900 : 20_000);
      expect(box.of("zone.breached")).toEqual([]);
      if (!held) box.set("p", false);
      box.pass(1_000);
    }
    expect(box.of("zone.breached")).toMatchObject([{ cause: "door-held-open" }]);
    expect(box.traces.map(({ verdict }) => verdict)).toContain("granted");
  });

  it("A-23: a raised posture makes the held-open time shorter", () => {
    const box = boxFor(door);
    box.order({ kind: "set-posture", level: "level-3", issuer: "city", reference: "2026-7", leader: null });
    box.set("g", true);
    box.set("p", true);
    box.pass(11_000);
    expect(box.of("zone.breached")).toMatchObject([{ cause: "door-held-open" }]);
  });
});

describe("a rush at a box", () => {
  it("A-81: a loop that is not good never makes a rush", () => {
    for (const quality of ["lost", "stale", "tampered", "out-of-range"] as const) {
      const box = boxFor({ ...lane, kind: "vehicle-rush" });
      box.set("one", true);
      box.pass(300);
      box.set("two", true, quality);
      box.pass(300);
      box.set("two", true);
      box.pass(10_000);
      expect(box.of("zone.breached")).toEqual([]);
    }
  });
});
