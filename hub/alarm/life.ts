// The life of one alarm by ISA-18.2, as pure steps from view to view. Null means that nothing changes.
import type { AlarmState, AlarmView } from "../console/views.js";

/** Raised again: counts, shows the newest cause, and must be acknowledged anew. A drill never hides a real alarm. */
export function raiseAgain(alarm: AlarmView, again: AlarmView): AlarmView {
  return {
    ...again,
    id: alarm.id,
    occurredAt: alarm.occurredAt,
    raisedAt: alarm.raisedAt,
    storedAt: alarm.storedAt,
    count: alarm.count + 1,
    priority: (alarm.priority < again.priority ? alarm : again).priority,
    exercise: alarm.exercise && again.exercise,
  };
}

const afterReturn: Readonly<Record<AlarmState, AlarmState>> = {
  unacknowledged: "returned-unacknowledged",
  acknowledged: "closed",
  "returned-unacknowledged": "returned-unacknowledged",
  closed: "closed",
};

/** The cause is gone, or its incident was closed. */
export function returnAlarm(alarm: AlarmView): AlarmView | null {
  const state = afterReturn[alarm.state];
  return state === alarm.state ? null : { ...alarm, state };
}

/** A person has seen it. `at` is ISO 8601 UTC. */
export function acknowledgeAlarm(alarm: AlarmView, by: string, at: string): AlarmView | null {
  if (alarm.state === "acknowledged" || alarm.state === "closed") return null;
  const state = alarm.state === "unacknowledged" ? "acknowledged" : "closed";
  return { ...alarm, state, acknowledgedAt: at, acknowledgedBy: by };
}
