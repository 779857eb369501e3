// Facts: what the box holds to be true, in the past tense. The controller's durable state is a fold over them, and
// each becomes the `type`, `subject` and `data` of one record.
import type { Act, Obstacle } from "./command.js";
import type { CommissioningFactMap } from "./commissioning-fact.js";
import type { BarrierState, SheetRow, ZoneOut, ZoneState } from "./durable.js";
import type { AlarmMark, HubFactMap } from "./hub-fact.js";
import type { Cause, Detection, Incident, IncidentKind, Reason, Step } from "./incident.js";
import type { Inventory } from "./inventory.js";
import { laneOf } from "./lane-of.js";
import type { PassFactMap } from "./pass-fact.js";
import type { PeopleFactMap } from "./people-fact.js";
import type { PostureLevel, RiskColour } from "./plan.js";
import type { Quality } from "./point.js";
import type { Lane, LaneHead } from "./record.js";
import type { KeptState } from "./replacement.js";
import type { ReplacementFactMap } from "./replacement-fact.js";
import type { ClockTrust, ResumedBy, Stamp } from "./time.js";

/** Type of a fact, and the shape of its data. Alarm-lane types carry `alarm`. */
export interface FactMap extends CommissioningFactMap, HubFactMap, PassFactMap, PeopleFactMap, ReplacementFactMap {
  "agent.started": { readonly version: string; readonly revision: number; readonly at: Stamp };
  "agent.stopped": { readonly reason: string };
  "config.applied": { readonly revision: number; readonly hash: string; readonly inventory: Inventory };
  "config.refused": { readonly code: string; readonly place: string; readonly detail: string };
  "driver.connected": { readonly driver: string; readonly reason: string };
  "driver.lost": { readonly driver: string; readonly reason: string };
  "point.lost": { readonly point: string; readonly quality: Quality; readonly at: Stamp };
  "point.restored": { readonly point: string; readonly at: Stamp };
  "input.refused": { readonly code: string; readonly detail: string; readonly count: number };
  "limit.reached": { readonly limit: string; readonly detail: string };
  "health.sampled": Readonly<Record<string, number>>;
  /** The wall clock was set: from one look to the next it moved this much against the monotonic one. */
  "clock.jumped": { readonly byMs: number; readonly trust: ClockTrust; readonly at: Stamp };
  /** How far the wall clock may be believed has changed. */
  "clock.changed": { readonly from: ClockTrust; readonly to: ClockTrust; readonly at: Stamp };

  /**
   * The whole durable state, folded as a replacement, so that retired records are not missed. Too large for one record it
   * goes on in further parts: part 0 has every member and replaces, each later one adds entries to some.
   */
  "state.kept": KeptState;

  /** The box signs where its lanes stand (edge/record/checkpoint.ts). */
  "journal.checkpointed": {
    readonly epoch: string;
    readonly order: number;
    readonly heads: readonly LaneHead[];
    readonly key: string;
    readonly signature: string;
  };

  "area.arming": { readonly area: string; readonly by: string; readonly until: Stamp; readonly despite?: true };
  /** `zones`: those of the area, for which a new period begins. */
  "area.armed": AreaPeriod;
  "area.disarmed": AreaPeriod;
  /** It was to arm by itself, or at the end of its exit time, and could not. */
  "area.arm-failed": {
    readonly alarm: AlarmMark;
    readonly area: string;
    readonly by: string;
    readonly obstacles: readonly Obstacle[];
    readonly at: Stamp;
  };
  "area.entry-started": {
    readonly area: string;
    readonly zone: string;
    readonly until: Stamp;
    readonly detection: Detection;
  };
  "zone.pre-alarmed": {
    readonly alarm: AlarmMark;
    readonly zone: string;
    readonly area: string;
    readonly cause: Cause;
    readonly confirmation: string;
    readonly detection: Detection;
  };
  /** No partner confirmed it in time, or the alarm has come: the pre-alarm is over. */
  "zone.pre-alarm-ended": { readonly zone: string; readonly alarms: readonly string[] };
  "zone.taken-out": { readonly zone: string; readonly out: ZoneOut };
  "zone.reinstated": { readonly zone: string; readonly by: string };
  "zone.changed": { readonly zone: string; readonly state: ZoneState; readonly cause: Cause | null };
  "zone.breached": ZoneAlarm;
  "zone.tampered": ZoneAlarm;
  "zone.unguarded": ZoneAlarm;
  "zone.restored": { readonly zone: string; readonly area: string; readonly alarms: readonly string[] };

  "incident.opened": { readonly incident: Incident };
  "incident.joined": { readonly incident: string; readonly zone: string; readonly cause: Cause };
  "incident.closed": { readonly incident: string; readonly by: string; readonly falseAlarm?: true };
  "incident.unexplained": {
    readonly alarm: AlarmMark;
    readonly incident: string;
    readonly subject: string;
    readonly seen: string;
  };

  "step.decided": { readonly step: Step };
  "step.commanded": { readonly step: string; readonly incident: string; readonly at: Stamp };
  "step.inhibited": {
    readonly alarm: AlarmMark;
    readonly step: string;
    readonly incident: string;
    readonly target: string;
    readonly reason: Reason;
    readonly at: Stamp;
  };
  "step.resumed": {
    readonly step: string;
    readonly incident: string;
    readonly deadlineAt: Stamp;
    readonly leftMs: number;
    readonly by: ResumedBy;
    readonly at: Stamp;
  };
  "step.met": { readonly step: string; readonly incident: string; readonly confirmedAt: Stamp };
  "step.missed": {
    readonly alarm: AlarmMark;
    readonly step: string;
    readonly incident: string;
    readonly target: string;
    readonly reason: Reason;
    readonly deadlineAt: Stamp;
    readonly latenessMs: number;
  };
  /** `announce`: annunciator that sounds, or id of the step that is taken in its place. */
  "step.fallback-taken": {
    readonly step: string;
    readonly incident: string;
    readonly announce: string;
    readonly at: Stamp;
  };
  "step.completed": {
    readonly step: string;
    readonly incident: string;
    readonly confirmedAt: Stamp;
    readonly latenessMs: number;
    readonly alarms: readonly string[];
  };
  "step.cancelled": { readonly step: string; readonly incident: string; readonly reason: Reason };

  "lockdown.started": {
    readonly group: string;
    readonly incident: string;
    readonly barriers: readonly string[];
    readonly at: Stamp;
  };
  "lockdown.ended": {
    readonly group: string;
    readonly barriers: readonly string[];
    readonly by: readonly string[];
    readonly reason: string;
  };
  "barrier.changed": {
    readonly barrier: string;
    readonly state: BarrierState;
    readonly from: BarrierState;
    readonly reason: Reason | null;
    readonly at: Stamp;
  };
  "barrier.moved-uncommanded": { readonly alarm: AlarmMark; readonly barrier: string; readonly state: BarrierState };
  "barrier.serviced": { readonly barrier: string; readonly cycles: number };
  "posture.changed": {
    readonly level: PostureLevel;
    readonly from: PostureLevel;
    readonly issuer: string;
    readonly reference: string;
    readonly by: string;
    readonly leader: string | null;
    readonly at: Stamp;
  };
  "risk.declared": {
    readonly colour: RiskColour;
    readonly from: RiskColour;
    readonly issuer: string;
    readonly reference: string;
    readonly by: string;
    readonly at: Stamp;
  };
  "drill.started": {
    readonly drill: string;
    readonly zones: readonly string[];
    readonly by: string;
    readonly at: Stamp;
    readonly until: Stamp;
  };
  "drill.suspended": { readonly drill: string; readonly zone: string; readonly at: Stamp };
  "drill.ended": {
    readonly drill: string;
    readonly by: string;
    readonly at: Stamp;
    readonly sheet: readonly SheetRow[];
  };
  "annunciator.sounded": { readonly annunciator: string; readonly incident: string; readonly at: Stamp };
  "annunciator.silenced": { readonly annunciator: string; readonly by: string; readonly at: Stamp };

  "operator.commanded": {
    readonly command: string;
    readonly issuers: readonly string[];
    readonly act: Act;
    readonly reason: string;
  };
  "operator.acknowledged": { readonly incident: string; readonly by: string };
  "command.refused": { readonly command: string; readonly code: string };
  /** A silent hold-up: an operator acted under duress. */
  "operator.under-duress": { readonly alarm: AlarmMark; readonly incident: string; readonly by: string };
  "operator.reported": { readonly step: string; readonly incident: string; readonly by: string };
  "workorder.assigned": WorkOrderChange;
  "workorder.fixed": WorkOrderChange;
  "workorder.verified": WorkOrderChange;
  "workorder.overdue": {
    readonly alarm: AlarmMark;
    readonly number: string;
    readonly device: string;
    readonly dueAt: Stamp;
  };
  "duty.done": {
    readonly duty: string;
    readonly by: string;
    readonly note: string;
    readonly at: Stamp;
    readonly alarms: readonly string[];
  };
  "duty.missed": { readonly alarm: AlarmMark; readonly duty: string; readonly dueAt: Stamp };
  /** `findings`: what is not as it should be; empty is a pass. */
  "selftest.done": {
    readonly by: string;
    readonly findings: readonly Obstacle[];
    readonly availability: number;
    readonly at: Stamp;
  };
  /** A term of the timing proof took longer than its budget: a fault before it becomes a missed deadline. */
  "budget.exceeded": {
    readonly subject: string;
    readonly term: string;
    readonly ms: number;
    readonly budgetMs: number;
  };
}

interface AreaPeriod {
  readonly area: string;
  readonly by: string;
  readonly at: Stamp;
  readonly zones: readonly string[];
  /** What stood against it and was accepted by the person who armed it. */
  readonly despite?: readonly Obstacle[];
  /** The failure to arm that is over now. */
  readonly alarms?: readonly string[];
}

interface WorkOrderChange {
  readonly number: string;
  readonly device: string;
  readonly by: string;
  readonly note: string;
  readonly at: Stamp;
  /** That it was overdue is over. */
  readonly alarms: readonly string[];
}

interface ZoneAlarm {
  readonly alarm: AlarmMark;
  readonly zone: string;
  readonly area: string;
  readonly cause: Cause;
  readonly incident: string;
  readonly kind: IncidentKind;
  readonly detection: Detection;
  /** False: the swinger limit keeps the sounders quiet this time. */
  readonly sounds: boolean;
}

export type FactType = keyof FactMap;

/** One fact, before the journal gives it a number, a time and its place in the chain. */
export type Fact = {
  [K in FactType]: { readonly type: K; readonly lane: Lane; readonly subject: string; readonly data: FactMap[K] };
}[FactType];

/** A fact in its lane. */
export function fact<T extends FactType>(type: T, subject: string, data: FactMap[T]): Fact {
  // The pair of type and data is checked by the signature; the compiler cannot carry it into the union.
  return { type, lane: laneOf[type], subject, data } as Fact;
}
