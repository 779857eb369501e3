// One alarm as the hub holds it, for tests that change single sides of it.
import type { AlarmRecord } from "../../hub/alarm/record.js";
import { noon } from "./box.js";

/** `ms` after noon on the hub's clock. */
export function later(ms: number): string {
  return new Date(noon + ms).toISOString();
}

/** A fence that was cut, seen by nobody yet. */
export function alarmOf(rest: Partial<AlarmRecord>): AlarmRecord {
  return {
    id: "1",
    key: "i1/north/breach",
    origin: "zone:north",
    sequence: 1,
    site: "compound",
    edge: "gatehouse",
    area: "fence",
    zone: "north",
    barrier: null,
    incident: "i1",
    incidentKind: "intrusion",
    type: "zone.breached",
    class: "intrusion",
    cause: "fibre-cut",
    title: { zh: "北侧围栏：剪切围栏", en: "North fence: Fence cut" },
    priority: 1,
    severity: 900,
    state: "unacknowledged",
    active: true,
    acknowledged: false,
    latched: true,
    shelved: null,
    outOfService: null,
    suppressed: null,
    silencedAt: null,
    silencedBy: null,
    escalation: 0,
    occurredAt: later(0),
    raisedAt: later(0),
    storedAt: later(0),
    activeAt: later(0),
    unacknowledgedAt: later(0),
    returnedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgedFrom: null,
    resetBy: null,
    closedAt: null,
    count: 1,
    exercise: false,
    historical: false,
    durable: true,
    ...rest,
  };
}
