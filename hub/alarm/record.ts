// The one model of an alarm: every outlet, the API and the pages show this shape, and no other.
import type { IncidentKind, Priority } from "../../edge/model/incident.js";
import type { Text } from "../../edge/model/text.js";

/** ISO 8601 UTC with milliseconds. */
export type AlarmTime = string;

/** ISA-18.2 states. `latched`: the cause is gone and seen, and a person must reset it by hand. */
export const alarmStates = ["unacknowledged", "acknowledged", "returned-unacknowledged", "latched", "closed"] as const;
export type AlarmState = (typeof alarmStates)[number];

/** What an alarm is about; decides what may be done with it (rules.ts) and which code a receiver is sent. */
export const alarmClasses = [
  "panic",
  "fire",
  "tamper",
  "intrusion",
  "missed-step",
  "unguarded",
  "utility",
  "device",
  "duty",
] as const;
export type AlarmClass = (typeof alarmClasses)[number];

/** Set aside by a person or a rule; it stays in every list. */
export interface Aside {
  readonly by: string;
  readonly reason: string;
  readonly at: AlarmTime;
  /** Null: until it is put back. */
  readonly until: AlarmTime | null;
}

/** Names and times that have not happened are null. */
export interface AlarmRecord {
  /** Stable for the life of the alarm, never used again: the ledger's number of the record that raised it. */
  readonly id: string;
  /** The box's own key; one of `key` per box is not closed at a time. */
  readonly key: string;
  /** What it comes from, the same for every alarm of it: `zone:north`, `barrier:b1`, `area:fence`, else `key:...`. */
  readonly origin: string;
  /** The hub's number of the change that made this picture; with `id` it names the state change. */
  readonly sequence: number;
  /** Both empty, or only `edge`, where the alarm is the hub's own. */
  readonly site: string;
  readonly edge: string;
  readonly area: string | null;
  readonly zone: string | null;
  readonly barrier: string | null;
  readonly incident: string | null;
  readonly incidentKind: IncidentKind | null;
  /** Record type, for example `zone.breached`. */
  readonly type: string;
  readonly class: AlarmClass;
  /** A word of `causes` or `reasons`, or a newer one. */
  readonly cause: string | null;
  readonly title: Text;
  readonly priority: Priority;
  /** 1 to 1000 for OPC UA and others: 900, 700, 500, 300. */
  readonly severity: number;
  readonly state: AlarmState;
  /** The cause is there. */
  readonly active: boolean;
  readonly acknowledged: boolean;
  /** Only a reset by hand ends it. */
  readonly latched: boolean;
  readonly shelved: Aside | null;
  readonly outOfService: Aside | null;
  /** By a rule of the site: the zone is inhibited for this armed period. */
  readonly suppressed: Aside | null;
  readonly silencedAt: AlarmTime | null;
  readonly silencedBy: string | null;
  /** How often it was told anew because nobody acknowledged it. */
  readonly escalation: number;
  readonly occurredAt: AlarmTime;
  /** When its box recorded it first. */
  readonly raisedAt: AlarmTime;
  /** When the hub stored that. */
  readonly storedAt: AlarmTime;
  /** When the cause came last, on the hub's clock. */
  readonly activeAt: AlarmTime;
  /** Since when it waits to be seen, on the hub's clock. */
  readonly unacknowledgedAt: AlarmTime | null;
  readonly returnedAt: AlarmTime | null;
  readonly acknowledgedAt: AlarmTime | null;
  readonly acknowledgedBy: string | null;
  /** The outlet that it was acknowledged through; `box` where it was at the site. */
  readonly acknowledgedFrom: string | null;
  readonly resetBy: string | null;
  readonly closedAt: AlarmTime | null;
  readonly count: number;
  /** A drill or test caused it. */
  readonly exercise: boolean;
  /** It came late, from the backlog of a box that was away. */
  readonly historical: boolean;
  /** False: the box could not write it to a disk. */
  readonly durable: boolean;
}

/** Standards B5. */
export const severities: Readonly<Record<Priority, number>> = { 1: 900, 2: 700, 3: 500, 4: 300 };

/** All pictures that one record changed, in the order of the ledger. */
export interface AlarmChange {
  /** The hub's number: grows, survives restarts, has gaps. It is the cursor, and with an alarm's id the key for de-duplication. */
  readonly sequence: number;
  /** When the hub stored it. */
  readonly at: AlarmTime;
  readonly alarms: readonly AlarmRecord[];
}
