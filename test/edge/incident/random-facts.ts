// Facts of every type that the durable state is made of, over a handful of names so that they meet each other.
import fc from "fast-check";
import { barrierStates, zoneStates } from "../../../edge/model/durable.js";
import { type Fact, type FactMap, type FactType, fact } from "../../../edge/model/fact.js";
import { type Cause, causes, type Detection, incidentKinds, reasons, type Step } from "../../../edge/model/incident.js";
import { postureLevels, riskColours } from "../../../edge/model/plan.js";
import type { Stamp } from "../../../edge/model/time.js";

const one = <const T>(...values: T[]) => fc.constantFrom(...values);
const zone = one("beam", "door", "panic");
const area = one("fence", "gatehouse");
const point = one("p1", "p2");
const barrier = one("bollard-1", "bollard-2");
const incident = one("i1", "i2", "i3");
const annunciator = one("siren", "buzzer");
const by = one("wang", "li", "cut-off", "time");
const note = fc.string({ maxLength: 5 });
const cause: fc.Arbitrary<Cause> = fc.constantFrom(...causes);
const priority = one(1, 2, 3, 4);
const barriers = fc.uniqueArray(barrier, { minLength: 1 });
const zones = fc.uniqueArray(zone);
const flag = fc.boolean();

export const stamp: fc.Arbitrary<Stamp> = fc.record({
  boot: one("boot-1", "boot-2"),
  mono: fc.double({ min: 0, max: 1e9, noNaN: true }),
  wall: fc.integer({ min: 1, max: 2e12 }),
  clock: one("never-set", "holdover", "synchronised"),
});

const detection: fc.Arbitrary<Detection> = fc.record({
  zone,
  kind: one("breach", "tamper", "unguarded"),
  cause,
  firstActivityAt: stamp,
  occurredAt: stamp,
  detectedAt: stamp,
});
const alarm = fc.record({ key: fc.tuple(incident, zone).map(([of, at]) => `${of}/${at}`), priority });
const alarms = fc.array(note, { maxLength: 2 });
const zoneAlarm = fc.record({
  alarm,
  zone,
  area,
  cause,
  incident,
  kind: fc.constantFrom(...incidentKinds),
  detection,
  sounds: flag,
});
const stepId = fc
  .tuple(incident, one("siren", "bollard-1", "bollard-2"), one("", "~2", "~3"))
  .map(([of, target, again]) => `${of}/response/step/${target}${again}`);
const action: fc.Arbitrary<Step["action"]> = fc.oneof(
  fc.record({ kind: one("announce"), annunciator }),
  fc.record({ kind: one("close"), barrier, group: one("lanes"), mode: one("normal", "emergency") }),
  fc.record({ kind: one("release"), barrier }),
);
const step: fc.Arbitrary<Step> = fc
  .record({ id: stepId, action, fallback: fc.constant(null), deadlineAt: stamp, occurredAt: stamp })
  .map((part) => ({
    ...part,
    incident: part.id.split("/")[0] ?? "",
    response: "response",
    step: "step",
    firstActivityAt: part.occurredAt,
    detectedAt: part.occurredAt,
    decidedAt: part.occurredAt,
    commandedAt: null,
    confirmedAt: null,
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  }));
const reason = fc.constantFrom(...reasons);
const ofStep = { step: stepId, incident };
const period = fc.record({ area, by, at: stamp, zones });
const order = { number: note, device: one("zone:beam", "driver:io") };
const orderChange = fc.record({ ...order, by, note, at: stamp, alarms });
const sheet = fc.constant([]);
const obstacles = fc.constant([]);

/** Types that the durable state does not depend on stand in none. */
type Shapes = { readonly [T in FactType]?: fc.Arbitrary<FactMap[T]> };

const shapes: Shapes = {
  "agent.started": fc.record({ version: note, revision: fc.nat(), at: stamp }),
  "point.lost": fc.record({ point, quality: one("lost", "tampered", "out-of-range"), at: stamp }),
  "point.restored": fc.record({ point, at: stamp }),
  "area.arming": fc.record({ area, by, until: stamp }),
  "area.armed": period,
  "area.disarmed": period,
  "area.arm-failed": fc.record({ alarm, area, by, obstacles, at: stamp }),
  "area.entry-started": fc.record({ area, zone, until: stamp, detection }),
  "zone.pre-alarmed": fc.record({ alarm, zone, area, cause, confirmation: one("pair"), detection }),
  "zone.pre-alarm-ended": fc.record({ zone, alarms }),
  "zone.taken-out": fc.record({
    zone,
    out: fc.record({
      how: one("isolated", "inhibited", "repair"),
      by: fc.array(by, { maxLength: 2 }),
      reason: note,
      until: fc.option(stamp),
      guard: fc.option(note),
    }),
  }),
  "zone.reinstated": fc.record({ zone, by }),
  "zone.tested": fc.record({ zone, cause, latencyMs: fc.nat(1000), at: stamp }),
  "zone.changed": fc.record({ zone, state: fc.constantFrom(...zoneStates), cause: fc.option(cause) }),
  "zone.breached": zoneAlarm,
  "zone.tampered": zoneAlarm,
  "zone.unguarded": zoneAlarm,
  "zone.restored": fc.record({ zone, area, alarms }),
  "incident.opened": fc.record({
    incident: fc.record({
      id: incident,
      kind: fc.constantFrom(...incidentKinds),
      place: area,
      openedAt: stamp,
      zones,
      acknowledgedBy: fc.constant(null),
      exercise: flag,
    }),
  }),
  "incident.joined": fc.record({ incident, zone, cause }),
  "incident.closed": fc.oneof(fc.record({ incident, by }), fc.record({ incident, by, falseAlarm: fc.constant(true) })),
  "step.decided": fc.record({ step }),
  "step.commanded": fc.record({ ...ofStep, at: stamp }),
  "step.inhibited": fc.record({ ...ofStep, alarm, target: barrier, reason, at: stamp }),
  "step.resumed": fc.record({
    ...ofStep,
    deadlineAt: stamp,
    leftMs: fc.nat(),
    by: one("monotonic", "wall", "overdue"),
    at: stamp,
  }),
  "step.met": fc.record({ ...ofStep, confirmedAt: stamp }),
  "step.missed": fc.record({
    ...ofStep,
    alarm,
    target: barrier,
    reason,
    deadlineAt: stamp,
    latenessMs: fc.nat(),
  }),
  "step.fallback-taken": fc.record({ ...ofStep, announce: annunciator, at: stamp }),
  "step.completed": fc.record({ ...ofStep, confirmedAt: stamp, latenessMs: fc.nat(), alarms }),
  "step.cancelled": fc.record({ ...ofStep, reason }),
  "lockdown.started": fc.record({ group: one("lanes"), incident, barriers, at: stamp }),
  "lockdown.ended": fc.record({ group: one("lanes"), barriers, by: fc.array(by), reason: note }),
  "barrier.changed": fc.record({
    barrier,
    state: fc.constantFrom(...barrierStates),
    from: fc.constantFrom(...barrierStates),
    reason: fc.option(reason),
    at: stamp,
  }),
  "barrier.serviced": fc.record({ barrier, cycles: fc.nat() }),
  "lane.opened": fc.record({ alarm, barrier, by, reason: note, incident, until: stamp }),
  "lane.closed": fc.record({ barrier, by, alarms }),
  "posture.changed": fc.record({
    level: fc.constantFrom(...postureLevels),
    from: fc.constantFrom(...postureLevels),
    issuer: note,
    reference: note,
    by,
    leader: fc.option(note),
    at: stamp,
  }),
  "risk.declared": fc.record({
    colour: fc.constantFrom(...riskColours),
    from: fc.constantFrom(...riskColours),
    issuer: note,
    reference: note,
    by,
    at: stamp,
  }),
  "drill.started": fc.record({ drill: note, zones, by, at: stamp, until: stamp }),
  "drill.suspended": fc.record({ drill: note, zone, at: stamp }),
  "drill.ended": fc.record({ drill: note, by, at: stamp, sheet }),
  "walktest.started": fc.record({ zones, by, at: stamp, until: stamp }),
  "walktest.ended": fc.record({
    by,
    person: by,
    at: stamp,
    tested: zones,
    untested: zones,
    results: fc.constant([]),
  }),
  "walktest.chirped": fc.record({ zone, tookMs: fc.option(fc.nat(1000)), at: stamp }),
  "soundtest.started": fc.record({ annunciator, by, at: stamp, until: stamp }),
  "soundtest.ended": fc.record({ annunciator, by, at: stamp, tookMs: fc.option(fc.nat(1000)) }),
  "annunciator.sounded": fc.record({ annunciator, incident, at: stamp }),
  "annunciator.silenced": fc.record({ annunciator, by, at: stamp }),
  "operator.acknowledged": fc.record({ incident, by }),
  "workorder.opened": fc.record({ ...order, cause, at: stamp }),
  "workorder.assigned": orderChange,
  "workorder.fixed": orderChange,
  "workorder.verified": orderChange,
  "workorder.overdue": fc.record({ ...order, alarm, dueAt: stamp }),
  "duty.done": fc.record({ duty: one("patrol"), by, note, at: stamp, alarms }),
  "duty.missed": fc.record({ duty: one("patrol"), alarm, dueAt: stamp }),
  "report.signed": fc.record({
    by,
    roles: fc.constant(["technician"]),
    capacity: note,
    hash: one("h1", "h2"),
    openPoints: fc.nat(),
    at: stamp,
  }),
  "trial.started": fc.record({ report: one("h1", "h2"), by: fc.array(by), at: stamp, until: stamp }),
  "trial.ended": fc.record({
    report: one("h1", "h2"),
    at: stamp,
    alarms: fc.nat(),
    falseAlarms: fc.nat(),
    faults: fc.nat(),
    missed: fc.nat(),
    availability: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  "device.serviced": fc.record({ device: one("zone:beam", "driver:io"), by, at: stamp }),
};

/** What the durable state is made of. */
export const foldedTypes = Object.keys(shapes) as FactType[];

/** A journal of any facts in any order, sense or none. */
export const journal: fc.Arbitrary<readonly Fact[]> = fc.array(
  fc.oneof(
    ...foldedTypes.map((type) => (shapes[type] as fc.Arbitrary<never>).map((data) => fact(type, "subject", data))),
  ),
  { minLength: 20, maxLength: 60, size: "max" },
);
