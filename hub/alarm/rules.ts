// What may be done with an alarm: one place, pure, asked by every outlet before every act.
import type { ErrorCode } from "../../edge/model/error.js";
import type { IncidentKind } from "../../edge/model/incident.js";
import { type ZoneKind, zoneTraits } from "../../edge/model/zone.js";
import type { AlarmAct } from "./acts.js";
import type { AlarmClass, AlarmRecord } from "./record.js";

const ofKind = new Map<IncidentKind, AlarmClass>([
  ["panic", "panic"],
  ["hold-up", "panic"],
  ["fire", "fire"],
  ["power", "utility"],
  ["utility", "utility"],
  ["obstruction", "utility"],
  ["unguarded", "unguarded"],
]);

const ofType = new Map<string, AlarmClass>([
  ["zone.tampered", "tamper"],
  ["zone.unguarded", "unguarded"],
  ["step.missed", "missed-step"],
  ["step.inhibited", "missed-step"],
  ["operator.under-duress", "panic"],
  ["chain.forked", "tamper"],
  ["edge.silent", "device"],
  ["control-room.lost", "device"],
  ["input.refused", "device"],
  ["lane.opened", "duty"],
  ["area.arm-failed", "duty"],
  ["workorder.overdue", "duty"],
  ["duty.missed", "duty"],
  ["operators.too-few", "duty"],
]);

/** What nobody knows counts as intrusion, so that nothing new can be put out of sight. */
export function classOf(
  type: string,
  kind: IncidentKind | null,
  zoneKind: ZoneKind | undefined,
  cause: string | null,
): AlarmClass {
  if (type.startsWith("zone.") && cause === "tampered") return "tamper";
  const incident = kind ?? (zoneKind && zoneTraits[zoneKind]?.incident);
  return ofType.get(type) ?? (incident && ofKind.get(incident)) ?? "intrusion";
}

const protectedClasses: readonly AlarmClass[] = ["panic", "fire", "tamper", "intrusion", "missed-step", "unguarded"];

/** Nobody puts such an alarm out of sight, and nothing keeps it from escalating (GB 50394 5.2.2). */
export function isProtected(alarm: Pick<AlarmRecord, "class">): boolean {
  return protectedClasses.includes(alarm.class);
}

/** Whether it is set aside and may be. */
export function isAside(alarm: AlarmRecord): boolean {
  const { shelved, outOfService, suppressed } = alarm;
  return !isProtected(alarm) && (shelved ?? outOfService ?? suppressed) !== null;
}

/** Tell of a moment: no later record says that their cause is gone. */
const momentary: readonly string[] = [
  "step.missed",
  "step.inhibited",
  "incident.unexplained",
  "barrier.moved-uncommanded",
  "operator.under-duress",
  "chain.forked",
  "input.refused",
];

/** Alarms of an incident stay until it is reset; others return by themselves unless they tell of a moment. */
export function latches(type: string, incident: string | null): boolean {
  return incident !== null || momentary.includes(type);
}

export interface Limits {
  readonly shelveMsMax: number;
  readonly outOfServiceMsMax: number;
}

export interface Objection {
  readonly code: ErrorCode;
  readonly place: string;
  readonly detail: string;
}

/** What stands against an act; null when nothing does. Nothing stands against seeing, silencing or putting back once more. */
export function objection(alarm: AlarmRecord, act: AlarmAct, limits: Limits): Objection | null {
  switch (act.kind) {
    case "shelve":
      return putAside(alarm, act, limits.shelveMsMax);
    case "take-out-of-service":
      return putAside(alarm, act, limits.outOfServiceMsMax);
    case "reset":
      return againstReset(alarm);
    case "acknowledge":
    case "silence":
    case "unshelve":
    case "return-to-service":
      return null;
  }
}

function putAside(alarm: AlarmRecord, act: { forMs: number; reason: string }, msMax: number): Objection | null {
  if (isProtected(alarm)) return { code: "alarm.protected", place: "/class", detail: alarm.class };
  if (alarm.state === "closed") return notPossible("/state", alarm.state);
  if (act.reason.trim() === "") return { code: "api.invalid-body", place: "/reason", detail: "" };
  const fits = Number.isInteger(act.forMs) && act.forMs > 0 && act.forMs <= msMax;
  return fits ? null : { code: "api.invalid-body", place: "/forMs", detail: `1..${msMax}` };
}

/** Only when it is seen, and its cause is gone where that can be known (OPC 10000-9, LatchedState). */
function againstReset(alarm: AlarmRecord): Objection | null {
  if (!alarm.latched) return notPossible("/latched", "false");
  if (!alarm.acknowledged) return notPossible("/acknowledged", "false");
  return alarm.active && !momentary.includes(alarm.type) ? notPossible("/active", "true") : null;
}

function notPossible(place: string, detail: string): Objection {
  return { code: "command.not-possible", place, detail };
}
