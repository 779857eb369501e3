// The durable state as a fold over facts. Folding never decides again: it only writes down what a fact says.

import type { Durable } from "../model/durable.js";
import type { Fact, FactMap } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import {
  changeIncident,
  changeOrder,
  changeStep,
  closeIncident,
  endEntry,
  endLockDown,
  endPass,
  memoryOf,
  moveOrder,
  noteChirped,
  noteTested,
  orderKeys,
  rememberAlarm,
  restorePoint,
  restoreState,
  setArmed,
  silence,
  without,
  withoutEarlier,
} from "./folds.js";
import { countInTrial, noteSignature, startTrial } from "./trial.js";

export function initialDurable(config: EdgeConfig): Durable {
  return {
    armed: Object.fromEntries(config.areas.map((area) => [area.id, area.armedAtStart])),
    armedSince: {},
    arming: {},
    armFailed: {},
    entries: {},
    zones: {},
    out: {},
    preAlarms: {},
    incidents: {},
    steps: {},
    lockDowns: {},
    barriers: {},
    lockOuts: {},
    passes: {},
    cycles: {},
    annunciators: {},
    silenced: {},
    posture: { level: "normal", issuer: "", reference: "", by: "", leader: null, since: null },
    risk: { colour: "none", issuer: "", reference: "", by: "", since: null },
    drill: null,
    walkTest: null,
    walked: {},
    walkAsked: {},
    soundTest: null,
    lost: {},
    downMs: {},
    watchedSince: null,
    workOrders: {},
    duties: {},
    dutiesMissed: {},
    signatures: {},
    trial: null,
    serviced: {},
    incidentCount: 0,
    workOrderCount: 0,
  };
}

type Folds = { readonly [T in keyof FactMap]?: (durable: Durable, data: FactMap[T]) => Durable };

/** Types that are absent here change nothing that must survive. */
const folds: Folds = {
  // What an older version kept may lack what this one knows; a fold over nothing gives the rest.
  "agent.started": (durable, { at }) => ({ ...durable, watchedSince: durable.watchedSince ?? at }),
  "state.kept": (durable, { durable: kept, part }) => restoreState(durable, kept, part),
  "area.arming": (durable, { area, until, by, despite }) => ({
    ...durable,
    arming: { ...durable.arming, [area]: { until, by, ...(despite === undefined ? {} : { despite }) } },
  }),
  "area.armed": (durable, period) => setArmed(durable, true, period),
  "area.disarmed": (durable, period) => setArmed(durable, false, period),
  "area.arm-failed": (durable, { area, at }) => ({
    ...durable,
    arming: without(durable.arming, [area]),
    armFailed: { ...durable.armFailed, [area]: at },
  }),
  "area.entry-started": (durable, { area, until, detection }) => ({
    ...durable,
    entries: { ...durable.entries, [area]: { until, detection } },
  }),
  "point.lost": (durable, { point, at }) => ({ ...durable, lost: { ...durable.lost, [point]: at } }),
  "point.restored": (durable, { point, at }) => restorePoint(durable, point, at),
  "zone.pre-alarmed": (durable, { zone, confirmation, detection, alarm }) => ({
    ...durable,
    preAlarms: { ...durable.preAlarms, [zone]: { confirmation, detection, alarmKey: alarm.key } },
  }),
  "zone.pre-alarm-ended": (durable, { zone }) => ({ ...durable, preAlarms: without(durable.preAlarms, [zone]) }),
  "zone.taken-out": (durable, { zone, out }) => ({ ...durable, out: { ...durable.out, [zone]: out } }),
  "zone.reinstated": (durable, { zone }) => ({ ...durable, out: without(durable.out, [zone]) }),
  "zone.tested": (durable, tested) => noteTested(durable, tested),
  "guidedtest.done": (durable, { walked, at, by }) =>
    walked === undefined ? durable : { ...durable, walked: { ...durable.walked, [walked]: { at, by } } },
  "walktest.chirped": (durable, heard) => noteChirped(durable, heard),
  "zone.changed": (durable, { zone, state, cause }) => ({
    ...durable,
    zones: { ...durable.zones, [zone]: { ...memoryOf(durable, zone), state, cause } },
  }),
  "zone.breached": (durable, data) => endEntry(rememberAlarm(durable, "breached", data), data),
  "zone.tampered": (durable, data) => rememberAlarm(durable, "tampered", data),
  "zone.unguarded": (durable, data) => rememberAlarm(durable, "unguarded", data),
  // The state stays until the reset by hand; the cause is gone, so its return is a new one.
  "zone.restored": (durable, { zone }) => ({
    ...durable,
    zones: { ...durable.zones, [zone]: { ...memoryOf(durable, zone), cause: null } },
  }),
  "incident.opened": (durable, { incident }) => ({
    ...durable,
    incidents: { ...durable.incidents, [incident.id]: incident },
    incidentCount: durable.incidentCount + 1,
  }),
  "incident.joined": (durable, { incident, zone }) =>
    changeIncident(durable, incident, (known) => ({ ...known, zones: [...new Set([...known.zones, zone])] })),
  "incident.closed": (durable, { incident }) => closeIncident(durable, incident),
  "step.decided": (durable, { step }) => ({
    ...durable,
    steps: { ...withoutEarlier(durable.steps, step.id), [step.id]: step },
  }),
  "step.commanded": (durable, { step, at }) =>
    changeStep(durable, step, (known) => ({ ...known, commandedAt: known.commandedAt ?? at })),
  "step.inhibited": (durable, { step, reason }) => changeStep(durable, step, (known) => ({ ...known, reason })),
  "step.resumed": (durable, { step, at, by, leftMs, deadlineAt }) =>
    changeStep(durable, step, (known) => ({ ...known, deadlineAt, resumed: { at, by, leftMs } })),
  "step.met": (durable, { step, confirmedAt }) =>
    changeStep(durable, step, (known) => ({ ...known, confirmedAt, outcome: "met", reason: null })),
  "step.missed": (durable, { step, reason, latenessMs }) =>
    changeStep(durable, step, (known) => ({ ...known, outcome: "missed", reason, latenessMs })),
  "step.fallback-taken": (durable, { step, at }) =>
    changeStep(durable, step, (known) => ({ ...known, fallbackAt: at })),
  "step.completed": (durable, { step, confirmedAt, latenessMs }) =>
    changeStep(durable, step, (known) => ({ ...known, confirmedAt, latenessMs })),
  "step.cancelled": (durable, { step, reason }) =>
    changeStep(durable, step, (known) => ({ ...known, outcome: "inhibited", reason })),
  "lockdown.started": (durable, { group, incident, barriers, at }) => ({
    ...durable,
    lockDowns: { ...durable.lockDowns, [group]: { group, incident, since: at, barriers } },
  }),
  "lockdown.ended": (durable, { group, barriers }) => endLockDown(durable, group, barriers),
  // To come out of a lock-out where it went in is no run of the drive.
  "barrier.changed": (durable, { barrier, state, from }) => ({
    ...durable,
    barriers: { ...durable.barriers, [barrier]: state },
    cycles:
      state === "closed" && from !== "locked-out"
        ? { ...durable.cycles, [barrier]: (durable.cycles[barrier] ?? 0) + 1 }
        : durable.cycles,
  }),
  "barrier.serviced": (durable, { barrier }) => ({ ...durable, cycles: { ...durable.cycles, [barrier]: 0 } }),
  "barrier.locked-out": (durable, { barrier, by, note, at }) => ({
    ...durable,
    lockOuts: { ...durable.lockOuts, [barrier]: { by, note, since: at } },
  }),
  "barrier.lock-out-cleared": (durable, { barrier }) => ({
    ...durable,
    lockOuts: without(durable.lockOuts, [barrier]),
  }),
  "lane.opened": (durable, { barrier, until, by, incident }) => ({
    ...durable,
    passes: { ...durable.passes, [barrier]: { until, by, incident } },
  }),
  "lane.closed": (durable, { barrier, at }) => endPass(durable, barrier, at ?? null),
  "posture.changed": (durable, { level, issuer, reference, by, leader, at }) => ({
    ...durable,
    posture: { level, issuer, reference, by, leader, since: at },
  }),
  "risk.declared": (durable, { colour, issuer, reference, by, at }) => ({
    ...durable,
    risk: { colour, issuer, reference, by, since: at },
  }),
  "drill.started": (durable, { drill, zones, by, at, until }) => ({
    ...durable,
    drill: { id: drill, zones, by, since: at, until, suspendedBy: null, sheet: [] },
  }),
  "drill.suspended": (durable, { zone }) => ({
    ...durable,
    drill: durable.drill && { ...durable.drill, suspendedBy: zone },
  }),
  "drill.ended": (durable) => ({ ...durable, drill: null }),
  "walktest.started": (durable, { zones, by, until }) => ({
    ...durable,
    walkTest: { zones, by, until, tested: {}, chirp: null },
  }),
  "walktest.ended": (durable) => ({ ...durable, walkTest: null }),
  "soundtest.started": (durable, { annunciator, by, at, until }) => ({
    ...durable,
    soundTest: { annunciator, by, since: at, until },
  }),
  "soundtest.ended": (durable) => ({ ...durable, soundTest: null }),
  "annunciator.sounded": (durable, { annunciator, incident, at }) => ({
    ...durable,
    annunciators: { ...durable.annunciators, [annunciator]: { incident, since: at } },
    silenced: without(durable.silenced, [annunciator]),
  }),
  "annunciator.silenced": (durable, { annunciator, by, at }) => silence(durable, annunciator, by, at),
  "operator.acknowledged": (durable, { incident, by }) =>
    changeIncident(durable, incident, (known) => ({ ...known, acknowledgedBy: by })),
  "workorder.opened": (durable, { number, device, cause, at, pass }) => ({
    ...durable,
    workOrders: {
      ...durable.workOrders,
      [durable.workOrders[device] === undefined ? device : `${device} ${number}`]: {
        number,
        device,
        cause,
        openedAt: at,
        state: "open",
        changedAt: at,
        by: "",
        note: "",
        isOverdue: false,
        ...(pass === undefined ? {} : { pass }),
      },
    },
    workOrderCount: durable.workOrderCount + 1,
    walkAsked: cause === "walk-test-due" ? { ...durable.walkAsked, [device]: at } : durable.walkAsked,
  }),
  "workorder.assigned": (durable, change) => moveOrder(durable, "assigned", change),
  "workorder.fixed": (durable, change) => moveOrder(durable, "fixed", change),
  // An accepted order is closed: the next trouble of the device opens a new one.
  "workorder.verified": (durable, { number }) => ({
    ...durable,
    workOrders: without(durable.workOrders, orderKeys(durable, number)),
  }),
  "workorder.overdue": (durable, { number }) => changeOrder(durable, number, { isOverdue: true }),
  "duty.done": (durable, { duty, at }) => ({
    ...durable,
    duties: { ...durable.duties, [duty]: at },
    dutiesMissed: without(durable.dutiesMissed, [duty]),
  }),
  "duty.missed": (durable, { duty }) => ({ ...durable, dutiesMissed: { ...durable.dutiesMissed, [duty]: true } }),
  "report.signed": noteSignature,
  "trial.started": startTrial,
  "trial.ended": (durable, { at, availability }) => ({
    ...durable,
    trial: durable.trial && { ...durable.trial, ended: { at, availability } },
  }),
  "device.serviced": (durable, { device, at }) => ({ ...durable, serviced: { ...durable.serviced, [device]: at } }),
};

/** The durable state after a fact; unknown types of a newer version leave it as it is. */
export function fold(durable: Durable, fact: Pick<Fact, "type" | "data">): Durable {
  const apply = Object.hasOwn(folds, fact.type)
    ? (folds[fact.type] as (durable: Durable, data: Fact["data"]) => Durable)
    : null;
  const next = apply === null ? durable : apply(durable, fact.data);
  return next.trial === null || next.trial.ended !== null ? next : countInTrial(next, fact, durable);
}
