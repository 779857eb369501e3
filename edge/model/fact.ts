// Facts: what the box holds to be true, in the past tense. The controller's durable state is a fold over them, and
// each becomes the `type`, `subject` and `data` of one record.
import type { Act } from "./command.js";
import type { Cause, Detection, Incident, IncidentKind, Priority, Reason, Step } from "./incident.js";
import type { Quality } from "./point.js";
import type { Lane } from "./record.js";
import type { AreaConfig, BarrierConfig, GroupConfig, ZoneConfig, ZoneKind } from "./site.js";
import type { Text } from "./text.js";
import type { ResumedBy, Stamp } from "./time.js";

export const barrierStates = [
  "unknown",
  "open",
  "closing",
  "closed",
  "opening",
  "obstructed",
  "inhibited",
  "locked-out",
  "fault",
  "manual",
  "power-lost",
] as const;
export type BarrierState = (typeof barrierStates)[number];

/** active: open or moving while disarmed. The alarm states latch until reset by hand. */
export const zoneStates = ["unknown", "normal", "active", "breached", "tampered", "unguarded", "fault"] as const;
export type ZoneState = (typeof zoneStates)[number];

/** Present in the data of every record that a control room must see as an alarm. The same `key` is the same alarm. */
export interface AlarmMark {
  readonly key: string;
  readonly priority: Priority;
}

/** What a hub needs to show names; sent with every `config.applied`. */
export interface Inventory {
  readonly edge: Text;
  readonly areas: readonly AreaConfig[];
  readonly zones: readonly (Pick<ZoneConfig, "id" | "name" | "area" | "camera"> & { readonly kind: ZoneKind })[];
  readonly barriers: readonly Pick<BarrierConfig, "id" | "name" | "area" | "kind" | "entrance">[];
  readonly groups: readonly GroupConfig[];
  readonly annunciators: readonly { readonly id: string; readonly name: Text }[];
}

/** Type of a fact, and the shape of its data. Alarm-lane types carry `alarm`. */
export interface FactMap {
  "agent.started": { readonly version: string; readonly revision: number };
  "agent.stopped": { readonly reason: string };
  "config.applied": { readonly revision: number; readonly hash: string; readonly inventory: Inventory };
  "config.refused": { readonly code: string; readonly place: string; readonly detail: string };
  "driver.connected": { readonly driver: string; readonly reason: string };
  "driver.lost": { readonly driver: string; readonly reason: string };
  "point.lost": { readonly point: string; readonly quality: Quality };
  "point.restored": { readonly point: string };
  "input.refused": { readonly code: string; readonly detail: string; readonly count: number };
  "limit.reached": { readonly limit: string; readonly detail: string };
  "health.sampled": Readonly<Record<string, number>>;

  "area.armed": { readonly area: string; readonly by: string };
  "area.disarmed": { readonly area: string; readonly by: string };
  "zone.changed": { readonly zone: string; readonly state: ZoneState; readonly cause: Cause | null };
  "zone.breached": ZoneAlarm;
  "zone.tampered": ZoneAlarm;
  "zone.unguarded": ZoneAlarm;
  "zone.restored": { readonly zone: string; readonly area: string; readonly alarms: readonly string[] };

  "incident.opened": { readonly incident: Incident };
  "incident.joined": { readonly incident: string; readonly zone: string; readonly cause: Cause };
  "incident.closed": { readonly incident: string; readonly by: string };
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
  "annunciator.sounded": { readonly annunciator: string; readonly incident: string; readonly at: Stamp };
  "annunciator.silenced": { readonly annunciator: string; readonly by: string };

  "operator.commanded": {
    readonly command: string;
    readonly issuers: readonly string[];
    readonly act: Act;
    readonly reason: string;
  };
  "operator.acknowledged": { readonly incident: string; readonly by: string };
  "command.refused": { readonly command: string; readonly code: string };
  "workorder.opened": { readonly number: string; readonly device: string; readonly cause: string; readonly at: Stamp };
  "chain.forked": { readonly alarm: AlarmMark; readonly edge: string; readonly detail: string };
  "edge.silent": { readonly alarm: AlarmMark; readonly edge: string };
}

interface ZoneAlarm {
  readonly alarm: AlarmMark;
  readonly zone: string;
  readonly area: string;
  readonly cause: Cause;
  readonly incident: string;
  readonly kind: IncidentKind;
  readonly detection: Detection;
}

export type FactType = keyof FactMap;

/** One fact, before the journal gives it a number, a time and its place in the chain. */
export type Fact = {
  [K in FactType]: { readonly type: K; readonly lane: Lane; readonly subject: string; readonly data: FactMap[K] };
}[FactType];

/** Lane of each type: what a control room must see at once, what is state, what is measurement. */
export const laneOf: Readonly<Record<FactType, Lane>> = {
  "agent.started": "state",
  "agent.stopped": "state",
  "config.applied": "state",
  "config.refused": "state",
  "driver.connected": "state",
  "driver.lost": "state",
  "point.lost": "state",
  "point.restored": "state",
  "input.refused": "state",
  "limit.reached": "state",
  "health.sampled": "telemetry",
  "area.armed": "state",
  "area.disarmed": "state",
  "zone.changed": "state",
  "zone.breached": "alarm",
  "zone.tampered": "alarm",
  "zone.unguarded": "alarm",
  "zone.restored": "alarm",
  "incident.opened": "alarm",
  "incident.joined": "state",
  "incident.closed": "alarm",
  "incident.unexplained": "alarm",
  "step.decided": "alarm",
  "step.commanded": "alarm",
  "step.inhibited": "alarm",
  "step.resumed": "alarm",
  "step.met": "alarm",
  "step.missed": "alarm",
  "step.fallback-taken": "alarm",
  "step.completed": "alarm",
  "step.cancelled": "alarm",
  "lockdown.started": "alarm",
  "lockdown.ended": "alarm",
  "barrier.changed": "state",
  "barrier.moved-uncommanded": "alarm",
  "annunciator.sounded": "alarm",
  "annunciator.silenced": "alarm",
  "operator.commanded": "alarm",
  "operator.acknowledged": "alarm",
  "command.refused": "state",
  "workorder.opened": "state",
  "chain.forked": "alarm",
  "edge.silent": "alarm",
};

/** A fact in its lane. */
export function fact<T extends FactType>(type: T, subject: string, data: FactMap[T]): Fact {
  // The pair of type and data is checked by the signature; the compiler cannot carry it into the union.
  return { type, lane: laneOf[type], subject, data } as Fact;
}
