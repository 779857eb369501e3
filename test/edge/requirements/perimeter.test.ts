// Detectors, places and grades, from a sample to the siren and the hub's list.
import { describe, expect, it } from "vitest";
import type { PointValue } from "../../../edge/model/point.js";
import { type AreaKind, areaKinds } from "../../../edge/model/site.js";
import { subsystems } from "../../../edge/model/zone.js";
import type { HandFed } from "../../support/hand-fed.js";
import { VirtualSite } from "../../support/virtual-site.js";
import {
  alarmList,
  boxOf,
  type Edit,
  hour,
  hubHasIt,
  hubOf,
  loop,
  minute,
  outcomes,
  type Place,
  second,
  siteOf,
} from "./examples.js";

const places: readonly Place[] = ["office", "school", "checkpoint", "warehouse"];

/** A detector of each kind of place of norm 001 clause 5: its box, its input and what it says in an alarm. */
const ofEachKind: Readonly<Record<AreaKind, Row & { readonly place: Place }>> = {
  perimeter: { place: "school", point: "west-blocked", value: true, title: "West fence beam: Beam blocked" },
  entrance: { place: "warehouse", point: "yard-loop", value: true, title: "Loop in the yard: Vehicle present" },
  gatehouse: { place: "checkpoint", point: "booth-door-loop", value: loop.alarm, title: "Booth door: Door opened" },
  "equipment-room": {
    place: "warehouse",
    point: "cabinet-loop",
    value: loop.alarm,
    title: "Cabinet tamper: Tampered with",
  },
  "control-room": {
    place: "school",
    point: "control-room-door-loop",
    value: loop.alarm,
    title: "Control room door: Door opened",
  },
  office: {
    place: "warehouse",
    point: "hall-motion-loop",
    value: loop.alarm,
    title: "Motion in the hall: Motion seen",
  },
  buffer: {
    place: "checkpoint",
    point: "buffer-blocked",
    value: true,
    title: "Beam in the buffer passage: Beam blocked",
  },
  archive: { place: "warehouse", point: "archive-door-loop", value: loop.open, title: "Archive door: Door opened" },
};

interface Row {
  readonly point: string;
  readonly value: PointValue;
  readonly title: string;
}

/** The siren of each box, by the outputs that make it. */
const sounds = ({ outputs }: HandFed) => outputs["siren"] === true || outputs["hall-siren"] === true;

describe("a detector in each kind of place", () => {
  it("A-06: stands in one of the eight", () => {
    expect(Object.keys(ofEachKind)).toEqual([...areaKinds]);
  });

  it.each(Object.entries(ofEachKind))(
    "A-06: %s: its alarm shows at the hub with the place that it is in",
    async (kind, { place, point, value, title }) => {
      const box = boxOf(place);
      box.set(point, value);
      box.pass(3 * second);
      expect(await alarmList(box)).toEqual([title]);
      const { alarms, projections } = await hubOf(box);
      const [alarm] = alarms.list();
      expect(projections.areas().find(({ id }) => id === alarm?.area)?.kind).toBe(kind);
    },
  );

  it("A-06: perimeter is the one that level 1 arms by itself, and that nobody disarms then", () => {
    const box = boxOf("warehouse");
    const areas = box.config.areas.map(({ id }) => id);
    for (const area of areas) expect(box.order({ kind: "disarm", area }).ok).toBe(true);
    box.order({ kind: "set-posture", level: "level-1", issuer: "city", reference: "1", leader: "chen" });
    box.pass(minute);
    expect(areas.filter((area) => box.durable.armed[area])).toEqual(["yard"]);
    expect(box.order({ kind: "disarm", area: "yard" }).ok).toBe(false);
  });
});

describe("the four subsystems", () => {
  it("A-05: every zone of every example belongs to one of them at the hub, and each has zones", async () => {
    const hubs = await Promise.all(places.map((place) => hubOf(boxOf(place))));
    const zones = hubs.flatMap(({ projections }) => projections.zones());
    expect(zones).toHaveLength(places.flatMap((place) => boxOf(place).config.zones).length);
    expect(new Set(zones.map(({ subsystem }) => subsystem))).toEqual(new Set(subsystems));
  });

  it("A-05: an alarm can be told apart by its subsystem", async () => {
    const box = boxOf("warehouse");
    box.set("hall-marked", true);
    box.set("hall-motion-loop", loop.alarm);
    box.set("staff-door-open", true);
    box.set("back-fence-loop", loop.alarm);
    box.pass(3 * second);
    const { alarms, projections } = await hubOf(box);
    const subsystemOf = (zone: string | null) => projections.zones().find(({ id }) => id === zone)?.subsystem;
    expect(new Set(alarms.list().map(({ zone }) => subsystemOf(zone)))).toEqual(new Set(subsystems));
  });
});

describe("a security grade", () => {
  const raised = [
    "kind: office, armedAtStart: true, grade: 2 }",
    "kind: office, armedAtStart: true, grade: 3 }",
  ] as const;

  const covered = (...edits: readonly Edit[]) => {
    const box = boxOf("warehouse", ...edits);
    box.order({ kind: "disarm", area: "hall" });
    box.set("hall-motion-loop", loop.masked);
    box.pass(3 * second);
    return { box, arming: box.order({ kind: "arm", area: "hall" }) };
  };

  it("A-01: at grade 2 a covered detector is told and does not prevent arming, and still alarms at who moves before it", () => {
    const { box, arming } = covered();
    expect(box.of("zone.tampered")[0]).toMatchObject({ zone: "hall-motion", cause: "masked" });
    expect(arming.ok).toBe(true);
    box.set("hall-motion-loop", loop.maskedAlarm);
    box.pass(3 * second);
    expect(box.of("zone.breached")).toMatchObject([{ zone: "hall-motion", cause: "motion-seen" }]);
  });

  it("A-01: at grade 3 a covered detector prevents arming the hall", () => {
    const { arming } = covered(raised);
    expect(arming).toMatchObject({ ok: false, code: "arming.prevented" });
    expect(arming.obstacles).toContainEqual({ subject: "hall-motion", why: "masked" });
  });

  it("A-01: after a cut cable a technician resets the archive of grade 3, no operator does; the hall of grade 2 anybody", () => {
    const box = boxOf("warehouse");
    const shorted = (point: string) => {
      box.set(point, 0);
      box.pass(3 * second);
      box.set(point, loop.normal);
      box.pass(minute);
      return Object.keys(box.durable.incidents).at(-1) ?? "";
    };
    const archive = shorted("archive-door-loop");
    expect(box.of("zone.tampered")).toMatchObject([{ zone: "archive-door", cause: "loop-short" }]);
    hubHasIt(box);
    expect(box.order({ kind: "reset", incident: archive }).code).toBe("command.not-allowed");
    expect(box.order({ kind: "reset", incident: archive }, { roles: ["technician"] }).ok).toBe(true);
    const hall = shorted("hold-up-loop");
    hubHasIt(box);
    expect(box.order({ kind: "reset", incident: hall }).ok).toBe(true);
  });
});

describe("a perimeter that is damaged", () => {
  it.each([
    ["fence-cut", "North fence fibre: Fence cut"],
    ["fence-climb", "North fence fibre: Fence climbed"],
    ["fibre-break", "North fence fibre: Zone tampered with, Fibre broken"],
  ] as const)(
    "A-31: by %s sounds within 5 s of what alone suffices, and stands in the hub's list",
    async (trigger, title) => {
      const site = new VirtualSite(siteOf("office")).run(30_000);
      site.trigger(trigger);
      site.runUntil("siren", () => site.relay("siren"), 10_000);
      site.run(100);
      const [step] = site.steps();
      expect(step?.outcome).toBe("met");
      expect((step?.confirmedAt?.mono ?? 0) - (step?.occurredAt.mono ?? 0)).toBeLessThan(5 * second);
      expect(await alarmList(site)).toEqual([title]);
    },
  );
});

describe("a fibre that is cut through", () => {
  it("A-31: sounds within 5 s of the damage itself", () => {
    const site = new VirtualSite(siteOf("office")).run(30_000);
    const damagedAt = site.mono;
    site.trigger("fibre-break");
    site.runUntil("siren", () => site.relay("siren"), 5_000);
    expect(site.mono - damagedAt).toBeLessThan(5 * second);
  });
});

describe("the detectors of norm 002", () => {
  it.each<[string, Row]>([
    ["a door contact", { point: "archive-door-loop", value: loop.open, title: "Archive door: Door opened" }],
    [
      "passive infrared",
      {
        point: "hall-motion-loop",
        value: loop.alarm,
        title: "Motion in the hall: Motion seen",
      },
    ],
  ])("A-35: %s sounds the siren and is told to the outside by two ways", async (_word, { point, value, title }) => {
    const box = boxOf("warehouse");
    box.set(point, value);
    box.pass(5 * second);
    expect(sounds(box)).toBe(true);
    expect(outcomes(box, "intrusion")).toEqual({
      "siren/siren-strobe": "met",
      "hub/port-hub": "open",
      "call/radio": "met",
    });
    expect(await alarmList(box)).toEqual([title]);
  });

  it("A-35: infrared beams one after the other count from outside inward only", () => {
    const box = boxOf("warehouse");
    const cross = (...beams: readonly string[]) => {
      for (const beam of beams) {
        box.set(beam, true);
        box.pass(500);
      }
      for (const beam of beams) box.set(beam, false);
      box.pass(10 * second);
    };
    cross("yard-beam-inner", "yard-beam-outer");
    expect(box.of("zone.breached")).toEqual([]);
    cross("yard-beam-outer", "yard-beam-inner");
    expect(box.of("zone.breached")).toMatchObject([{ zone: "yard-crossing", cause: "passed-inward" }]);
  });

  it.each<[string, Row & { normal: number }]>([
    ["hot", { point: "archive-celsius", value: 31, normal: 20, title: "Archive temperature: Too high" }],
    ["cold", { point: "archive-celsius", value: 2, normal: 20, title: "Archive temperature: Too low" }],
    ["damp", { point: "archive-humidity", value: 80, normal: 45, title: "Archive humidity: Too high" }],
  ])(
    "A-35: an archive that is too %s for a minute lights the strobe, without a siren",
    async (_word, { point, value, normal, title }) => {
      const box = boxOf("warehouse");
      box.set(point, value);
      box.pass(50 * second);
      box.set(point, normal);
      box.pass(hour);
      expect(box.of("zone.breached")).toEqual([]);
      box.set(point, value);
      box.pass(65 * second);
      expect(box.outputs).toMatchObject({ "hall-strobe": true });
      expect(sounds(box)).toBe(false);
      expect(outcomes(box, "climate")).toEqual({ "light/strobe-only": "met" });
      expect(await alarmList(box)).toEqual([title]);
    },
  );

  it("A-85: what the video analyser marks is an alarm that names its camera at the hub", async () => {
    const box = boxOf("warehouse");
    box.set("hall-marked", true);
    box.pass(3 * second);
    expect(sounds(box)).toBe(true);
    const { alarms, projections } = await hubOf(box);
    expect(alarms.list()).toMatchObject([{ zone: "hall-video", cause: "video-event", priority: 1 }]);
    expect(projections.zones().find(({ id }) => id === "hall-video")?.camera).toBe("cam-hall-1");
  });

  it("A-17: a plan at the hub can draw the zone that speaks, where it is, until it was reset", async () => {
    const box = boxOf("school");
    const drawn = async () => (await hubOf(box)).projections.zones().find(({ id }) => id === "fence-west");
    expect(await drawn()).toMatchObject({ state: "normal", position: { plan: "campus", x: 0.06, y: 0.48 } });
    box.set("west-blocked", true);
    box.pass(second);
    box.set("west-blocked", false);
    box.pass(minute);
    expect(await drawn()).toMatchObject({
      state: "breached",
      kind: "infrared-beam",
      areaKind: "perimeter",
      armed: true,
    });
    hubHasIt(box);
    expect(box.order({ kind: "reset", incident: Object.keys(box.durable.incidents)[0] ?? "" }).ok).toBe(true);
    expect(await drawn()).toMatchObject({ state: "normal" });
  });
});
