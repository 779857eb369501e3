// What must be done again and again: when it is due, what follows when it is not done, and the self-test that runs by itself.
import { describe, expect, it } from "vitest";
import { fact } from "../../../edge/model/fact.js";
import type { DutyConfig } from "../../../edge/model/plan.js";
import { pointsOf } from "../../../edge/model/site.js";
import { later } from "../../../edge/model/time.js";
import { dutyDueAt } from "../../../edge/response/duties.js";
import { selfTestFacts } from "../../../edge/response/self-test.js";
import type { HandFed } from "../../support/hand-fed.js";
import { box, day, hour, minute, name, start, wardOf, yard } from "./yard.js";

const duty = (kind: DutyConfig["kind"], everyMs: number, part: Partial<DutyConfig> = {}): DutyConfig => ({
  id: kind,
  name,
  kind,
  everyMs,
  graceMs: 0,
  ...part,
});

/** A box with these duties that has been watched since now. */
function started(...duties: readonly DutyConfig[]): HandFed {
  const site = box([], { duties });
  const at = site.now();
  site.facts.push({ ...fact("agent.started", "box", { version: "", revision: 1, at }), at, exercise: false });
  site.restart(0);
  return site;
}
const doneBy = (site: HandFed, id: string, by = "wang") =>
  site.order({ kind: "duty-done", duty: id, note: "in order" }, { issuers: [by] });

describe("a duty", () => {
  it.each<[string, DutyConfig["kind"], number, { priority: 3 | 4; cause: string | null }]>([
    ["A-30: the inspection of the devices every 2 hours", "inspection", 2 * hour, { priority: 3, cause: null }],
    ["A-38: the communication test every 14 days", "communication-test", 14 * day, { priority: 4, cause: null }],
    ["A-54: the drill twice a year", "drill", 182 * day, { priority: 4, cause: null }],
    ["A-20: the calibration every year", "calibration", 365 * day, { priority: 4, cause: "calibration-due" }],
    ["A-20: the walk test every month", "walk-test", 30 * day, { priority: 4, cause: "walk-test-due" }],
    ["A-39: the maintenance every half year", "maintenance", 182 * day, { priority: 4, cause: "maintenance-due" }],
  ])(
    "%s is an alarm when it is overdue, until it is done and recorded",
    (_word, kind, everyMs, { priority, cause }) => {
      const site = started(duty(kind, everyMs, { graceMs: minute, device: "barrier:main" }));
      site.pass(everyMs - minute);
      expect(site.of("duty.missed")).toEqual([]);
      site.pass(3 * minute);
      expect(site.of("duty.missed")).toMatchObject([{ duty: kind, alarm: { priority } }]);
      expect(site.durable.workOrders["barrier:main"]?.cause ?? null).toBe(cause);
      site.pass(everyMs / 2);
      expect(site.of("duty.missed")).toHaveLength(1);
      expect(doneBy(site, kind).ok).toBe(true);
      const [missed] = site.of("duty.missed");
      expect(site.of("duty.done")).toMatchObject([{ by: "wang", note: "in order", alarms: [missed?.alarm.key] }]);
      expect(site.durable.dutiesMissed).toEqual({});
      site.pass(everyMs + 3 * minute);
      expect(site.of("duty.missed")).toHaveLength(2);
    },
  );

  it("that is done in time is not missed, and is due so long after it was done", () => {
    const site = started(duty("inspection", 2 * hour));
    for (let count = 0; count < 5; count += 1) {
      site.pass(hour + 50 * minute);
      doneBy(site, "inspection");
    }
    expect(site.of("duty.missed")).toEqual([]);
  });

  it("is refused when nobody knows it, and a self-test when somebody only says so", () => {
    const site = started(duty("self-test", 7 * day));
    expect(doneBy(site, "nothing").code).toBe("command.unknown-target");
    expect(doneBy(site, "self-test").code).toBe("command.not-possible");
  });

  it("opens orders with different numbers where several are missed together", () => {
    const site = started(duty("calibration", day), duty("walk-test", day), duty("maintenance", day));
    site.pass(day + minute);
    expect(Object.values(site.durable.workOrders).map(({ number, device }) => [number, device])).toEqual([
      ["box-W1", "duty:calibration"],
      ["box-W2", "duty:walk-test"],
      ["box-W3", "duty:maintenance"],
    ]);
  });

  it.each([
    ["normal", null, 8 * hour],
    ["level-3", later(start, -6 * hour), 4 * hour],
    ["level-3", later(start, -1 * hour), 7 * hour],
    ["level-3", start, 8 * hour],
  ] as const)(
    "A-23: is due more often in a raised posture, from its beginning: %s since %j",
    (level, since, leftMs) => {
      const { durable } = wardOf(yard([]));
      const ward = wardOf(yard([]), {
        watchedSince: later(start, -2 * day),
        duties: { inspection: later(start, -4 * hour) },
        posture: { ...durable.posture, level, since },
      });
      const every = duty("inspection", 12 * hour, { everyRaisedMs: 8 * hour });
      expect(dutyDueAt(every, ward) - start.mono).toBe(
        level === "normal"
          ? leftMs
          : Math.min(8 * hour, Math.max(4 * hour, 8 * hour + (since?.mono ?? 0) - start.mono)),
      );
    },
  );

  it("A-23: is missed sooner in a raised posture", () => {
    const site = started(duty("inspection", 2 * hour, { everyRaisedMs: hour }));
    site.pass(hour + minute);
    expect(site.of("duty.missed")).toEqual([]);
    site.order({ kind: "set-posture", level: "level-3", issuer: "i", reference: "r", leader: null });
    doneBy(site, "inspection");
    site.pass(hour + minute);
    expect(site.of("duty.missed")).toHaveLength(1);
  });

  it("counts the time for which the box was off, and holds where no clock can tell", () => {
    const trusted = started(duty("inspection", 2 * hour));
    trusted.restart(3 * hour);
    trusted.pass(minute);
    expect(trusted.of("duty.missed")).toHaveLength(1);
    const untrusted = started(duty("inspection", 2 * hour));
    untrusted.restart(3 * hour, "never-set");
    untrusted.pass(hour);
    expect(untrusted.of("duty.missed")).toEqual([]);
  });

  it("is not asked for before the box was first started", () => {
    expect(dutyDueAt(duty("inspection", hour), wardOf(yard([])))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the self-test", () => {
  it("A-59: runs by itself every week, recorded with what it found and the availability", () => {
    const site = started(duty("self-test", 7 * day));
    site.pass(7 * day + minute);
    expect(site.of("selftest.done")).toMatchObject([{ by: "schedule", findings: [], availability: 1 }]);
    expect(site.of("duty.done")).toMatchObject([{ duty: "self-test", by: "schedule" }]);
    site.pass(7 * day);
    expect(site.of("selftest.done")).toHaveLength(2);
  });

  it("A-59: runs after a start when it fell due meanwhile, once all has been read back", () => {
    const site = started(duty("self-test", 7 * day));
    site.restart(8 * day);
    site.pass(minute);
    expect(site.of("selftest.done")).toMatchObject([{ findings: [] }]);
  });

  it("A-36: runs on demand, and counts as the weekly one", () => {
    const site = started(duty("self-test", 7 * day));
    site.pass(day);
    expect(site.order({ kind: "self-test" }, { issuers: ["wang"] }).ok).toBe(true);
    expect(site.of("selftest.done")).toMatchObject([{ by: "wang" }]);
    site.pass(6 * day + hour);
    expect(site.of("selftest.done")).toHaveLength(1);
    site.pass(day);
    expect(site.of("selftest.done")).toHaveLength(2);
  });

  it("A-36: finds nothing on a box at rest", () => {
    const site = started();
    site.order({ kind: "self-test" });
    expect(site.of("selftest.done")[0]?.findings).toEqual([]);
  });

  const good = (point: string, quality: "good" | "stale" | "lost" | "tampered" | "out-of-range" = "good") => ({
    sample: { point, value: false, quality, occurredAt: start.mono },
    heardAt: start.mono,
  });
  const config = yard([]);
  const readings = Object.fromEntries(pointsOf(config).map(({ id }) => [id, good(id)]));
  const barriers = { main: "open", side: "open", "door-1": "open", "door-2": "open" } as const;
  const order = { number: "n", cause: "c", openedAt: start, changedAt: start, by: "", note: "", isOverdue: false };

  it.each([
    [
      "an input that is lost",
      {},
      { readings: { ...readings, beam: good("beam", "lost") } },
      { subject: "beam", why: "signal-lost" },
    ],
    [
      "an input that is stale",
      {},
      { readings: { ...readings, beam: good("beam", "stale") } },
      { subject: "beam", why: "silent" },
    ],
    [
      "an input that was never heard",
      {},
      { readings: { ...readings, beam: undefined } },
      { subject: "beam", why: "not-seen" },
    ],
    ["a driver without its device", {}, { linksDown: { relays: "cable" } }, { subject: "relays", why: "driver-lost" }],
    ["a zone that cannot be seen", {}, { conditions: {} }, { subject: "motion", why: "not-seen" }],
    [
      "an output that was not confirmed",
      {},
      { unconfirmed: ["siren"] },
      { subject: "siren", why: "output-not-confirmed" },
    ],
    [
      "a barrier that is nowhere",
      { barriers: { ...barriers, main: "unknown" } },
      {},
      { subject: "main", why: "contact-unknown" },
    ],
    [
      "a barrier with a fault",
      { barriers: { ...barriers, main: "fault" } },
      {},
      { subject: "main", why: "drive-fault" },
    ],
    [
      "an open work order",
      { workOrders: { d: { ...order, device: "d", state: "open" } } },
      {},
      { subject: "d", why: "work-order-open" },
    ],
    [
      "a clock that nobody has set",
      {},
      { now: { ...start, clock: "never-set" } },
      { subject: "box", why: "clock-untrusted" },
    ],
  ])("A-36: finds %s", (_word, known, part, found) => {
    const ward = wardOf(config, { barriers, ...known } as never, { readings, ...part } as never);
    const [done] = selfTestFacts("wang", ward, "all");
    expect(done?.data).toMatchObject({ findings: expect.arrayContaining([found]) });
    const calm = selfTestFacts("wang", wardOf(config, { barriers }, { readings }), "all");
    expect(calm[0]?.data).toMatchObject({ findings: [] });
  });
});
