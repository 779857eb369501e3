// The life of one alarm by ISA-18.2, as a pure step: what is and what happens give what is then. Null: nothing changes.
import type { AlarmRecord, AlarmState, Aside } from "./record.js";

export type AlarmInput =
  /** The cause is there, again. `again`: the alarm as the newest record would raise it. */
  | { readonly kind: "raised"; readonly again: AlarmRecord }
  /** Its box has said what its things are called: the alarm as it would be raised now. */
  | { readonly kind: "named"; readonly as: AlarmRecord }
  /** The cause is gone. */
  | { readonly kind: "returned" }
  /** Reset by hand: at the hub, or at the box by the end of its incident. */
  | { readonly kind: "reset"; readonly by: string }
  | { readonly kind: "acknowledged"; readonly by: string; readonly from: string }
  | { readonly kind: "silenced"; readonly by: string }
  | { readonly kind: "escalated"; readonly level: number }
  | { readonly kind: "set-aside"; readonly how: AsideKind; readonly aside: Aside | null };

export type AsideKind = "shelved" | "outOfService" | "suppressed";

/** `now` is ISO 8601 UTC by the hub's clock, but for an acknowledgement, which bears the time of its own record. */
export function next(alarm: AlarmRecord, input: AlarmInput, now: string): AlarmRecord | null {
  if (alarm.state === "closed") return null;
  const changed = step(alarm, input, now);
  if (changed === null) return null;
  const state = stateOf(changed);
  return { ...changed, state, closedAt: state === "closed" ? now : null };
}

function step(alarm: AlarmRecord, input: AlarmInput, now: string): AlarmRecord | null {
  switch (input.kind) {
    case "raised":
      return raiseAgain(alarm, input.again);
    case "named": {
      const { title, class: kind, area, zone, barrier } = input.as;
      return { ...alarm, title, class: kind, area, zone, barrier };
    }
    case "returned":
      return alarm.active ? { ...alarm, active: false, returnedAt: now } : null;
    case "reset":
      return reset(alarm, input.by, now);
    case "acknowledged":
      return acknowledge(alarm, input, now);
    case "silenced":
      return alarm.silencedAt === null ? { ...alarm, silencedAt: now, silencedBy: input.by } : null;
    case "escalated":
      return alarm.acknowledged || input.level <= alarm.escalation ? null : { ...alarm, escalation: input.level };
    case "set-aside":
      return alarm[input.how] === input.aside ? null : { ...alarm, [input.how]: input.aside };
  }
}

function reset(alarm: AlarmRecord, by: string, now: string): AlarmRecord | null {
  if (!alarm.active && !alarm.latched) return null;
  return { ...alarm, active: false, latched: false, returnedAt: alarm.returnedAt ?? now, resetBy: by };
}

function acknowledge(alarm: AlarmRecord, { by, from }: { by: string; from: string }, at: string): AlarmRecord | null {
  if (alarm.acknowledged) return null;
  const seen = { acknowledgedAt: at, acknowledgedBy: by, acknowledgedFrom: from };
  return { ...alarm, ...seen, acknowledged: true, unacknowledgedAt: null };
}

/**
 * Counts, shows the newest cause, and must be acknowledged anew. A drill never hides a real alarm, nor a backlog a live one. What
 * nobody has seen yet goes on waiting, and escalating, from when it came.
 */
function raiseAgain(alarm: AlarmRecord, again: AlarmRecord): AlarmRecord {
  const { id, occurredAt, raisedAt, storedAt } = alarm;
  const { unacknowledgedAt, escalation } = alarm.acknowledged ? again : alarm;
  return {
    ...again,
    ...{ id, occurredAt, raisedAt, storedAt, unacknowledgedAt, escalation },
    activeAt: alarm.active ? alarm.activeAt : again.activeAt,
    count: alarm.count + 1,
    exercise: alarm.exercise && again.exercise,
    historical: alarm.historical && again.historical,
    ...(alarm.priority < again.priority && { priority: alarm.priority, severity: alarm.severity }),
  };
}

/** The state's name follows from its three sides. */
export function stateOf({ active, acknowledged, latched }: Sides): AlarmState {
  if (active) return acknowledged ? "acknowledged" : "unacknowledged";
  if (!acknowledged) return "returned-unacknowledged";
  return latched ? "latched" : "closed";
}
type Sides = Pick<AlarmRecord, "active" | "acknowledged" | "latched">;
