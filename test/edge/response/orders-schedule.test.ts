import { describe, expect, it } from "vitest";
import { localOf, wallOf, weekdayOf } from "../../../edge/response/arming/local-time.js";
import { area, Stage, zone } from "../incident/stage.js";
import { setPosture } from "./posture.js";

const hourMs = 3_600_000;
const week = [1, 2, 3, 4, 5, 6, 7];
const working = [{ days: [1, 2, 3, 4, 5], armAt: "18:00", disarmAt: "08:00" }];

/** Monday, 23 November 2026, 12:00 in Shanghai; armed until somebody or the schedule changes it. */
function office(part: Parameters<typeof area>[1] = {}): Stage {
  const areas = [area("fence", { kind: "office", schedule: working, ...part })];
  return new Stage({ areas, zones: [zone("door")] });
}
const changes = (stage: Stage) =>
  stage.facts.flatMap((known) =>
    known.type === "area.armed" || known.type === "area.disarmed"
      ? [`${known.type} ${new Date(known.data.at.wall).toISOString().slice(5, 16)} ${known.data.by}`]
      : [],
  );

describe("schedule", () => {
  it("disarms in the morning and arms in the evening of working days, by the clock of the place", () => {
    const stage = office();
    stage.pass(6 * 24 * hourMs);
    expect(changes(stage).slice(0, 3)).toEqual([
      "area.disarmed 11-23T04:01 schedule",
      "area.armed 11-23T10:00 schedule",
      "area.disarmed 11-24T00:00 schedule",
    ]);
    expect(changes(stage)).toHaveLength(10);
    expect(changes(stage).at(-1)).toBe("area.armed 11-27T10:00 schedule");
  });

  it("lets a person's later order stand until the next boundary", () => {
    const stage = office();
    stage.pass(7 * hourMs);
    expect(stage.durable.armed["fence"]).toBe(true);
    stage.order({ kind: "disarm", area: "fence" });
    stage.pass(10 * hourMs);
    expect(stage.durable.armed["fence"]).toBe(false);
    stage.order({ kind: "arm", area: "fence" });
    stage.pass(2 * hourMs);
    expect(stage.durable.armed["fence"]).toBe(true);
    stage.pass(3 * hourMs);
    expect(stage.durable.armed["fence"]).toBe(false);
  });

  it("holds the state while the clock was never set", () => {
    const stage = office();
    stage.now = { ...stage.now, clock: "never-set" };
    stage.pass(24 * hourMs);
    expect(changes(stage)).toEqual([]);
    stage.now = { ...stage.now, clock: "holdover" };
    stage.pass(60_000);
    expect(stage.of("area.disarmed")).toHaveLength(1);
  });

  it("knows by the monotonic clock that a person came after the boundary, when the wall clock is put right", () => {
    const stage = office();
    stage.pass(60_000);
    stage.order({ kind: "arm", area: "fence" });
    stage.pass(hourMs / 2);
    stage.order({ kind: "disarm", area: "fence" });
    stage.now = { ...stage.now, wall: stage.now.wall + 5.6 * hourMs };
    stage.pass(60_000);
    expect(stage.durable.armed["fence"]).toBe(false);
  });

  it("waits after a start until all has been read", () => {
    const stage = office({ armedAtStart: false });
    stage.pass(5 * hourMs);
    stage.settled = false;
    stage.conditions["door"] = { kind: "unknown" };
    stage.pass(2 * hourMs);
    expect(stage.of("area.arm-failed")).toEqual([]);
    stage.settled = true;
    stage.conditions["door"] = { kind: "normal" };
    stage.pass(60_000);
    expect(stage.durable.armed["fence"]).toBe(true);
  });

  it("applies after a power cut what fell due meanwhile, and never disarms by a clock it could not trust", () => {
    const stage = office();
    stage.pass(60_000);
    expect(stage.durable.armed["fence"]).toBe(false);
    stage.reboot(8 * hourMs);
    stage.pass(60_000);
    expect(stage.durable.armed["fence"]).toBe(true);
    const other = office({ armedAtStart: false });
    other.now = { ...other.now, clock: "never-set" };
    other.order({ kind: "arm", area: "fence" });
    other.reboot(24 * hourMs);
    other.pass(60_000);
    expect(other.durable.armed["fence"]).toBe(true);
  });

  it("says once per boundary that it could not arm, tries again each minute, and takes the alarm back", () => {
    const stage = office();
    stage.pass(hourMs);
    stage.breach("door");
    stage.pass(7 * hourMs);
    expect(stage.of("area.arm-failed")).toMatchObject([
      { by: "schedule", obstacles: [{ subject: "door", why: "not-normal" }] },
    ]);
    stage.pass(24 * hourMs);
    expect(stage.of("area.arm-failed")).toHaveLength(2);
    stage.conditions["door"] = { kind: "normal" };
    stage.pass(60_000);
    expect(stage.of("area.armed")).toMatchObject([{ by: "schedule", alarms: ["fence/arm-failed"] }]);
    stage.pass(14 * hourMs);
    stage.conditions["door"] = { kind: "breach", cause: "door-opened" };
    stage.pass(12 * hourMs);
    expect(stage.of("area.arm-failed")).toHaveLength(3);
  });

  it("gives the exit time where the area has one", () => {
    const stage = office({ exitMs: 60_000 });
    stage.pass(6 * hourMs);
    expect(stage.of("area.arming")).toHaveLength(1);
    expect(stage.of("area.armed")).toEqual([]);
    stage.pass(60_000);
    expect(changes(stage).at(-1)).toBe("area.armed 11-23T10:01 schedule");
  });

  it("A-25: disarms no perimeter in posture level 1", () => {
    const stage = office({ kind: "perimeter" });
    setPosture(stage, "level-1");
    stage.pass(48 * hourMs);
    expect(stage.of("area.disarmed")).toEqual([]);
  });

  it("arms where both stand at the same minute", () => {
    const schedule = [
      { days: week, armAt: "12:00" },
      { days: week, disarmAt: "12:00" },
    ];
    const stage = office({ schedule, armedAtStart: false });
    stage.pass(60_000);
    expect(stage.durable.armed["fence"]).toBe(true);
  });
});

describe("the clock of a place", () => {
  it.each([
    ["Asia/Shanghai", "2026-11-23T04:00:00Z", "2026-11-23T12:00:00Z", 1],
    ["Asia/Shanghai", "2026-12-31T16:00:00Z", "2027-01-01T00:00:00Z", 5],
    ["Asia/Kolkata", "2028-02-28T18:30:00Z", "2028-02-29T00:00:00Z", 2],
    ["Europe/Berlin", "2026-07-05T22:00:00Z", "2026-07-06T00:00:00Z", 1],
    ["Europe/Berlin", "2026-12-06T22:59:00Z", "2026-12-06T23:59:00Z", 7],
    ["America/New_York", "2026-03-01T04:00:00Z", "2026-02-28T23:00:00Z", 6],
  ])("%s at %s shows %s", (timeZone, utc, shown, weekday) => {
    const local = Date.parse(shown);
    expect(localOf(Date.parse(utc), timeZone)).toBe(local);
    expect(wallOf(local, timeZone)).toBe(Date.parse(utc));
    expect(weekdayOf(Math.floor(local / 86_400_000))).toBe(weekday);
  });
});
