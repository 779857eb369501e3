// What the box sees of a barrier: its position by the contacts alone (rule 7), and what stands against moving it (rule 8).
import type { Durable } from "../model/durable.js";
import type { Reason } from "../model/incident.js";
import type { BarrierConfig } from "../model/site.js";
import type { Readings } from "../model/state.js";
import type { MonoMs } from "../model/time.js";

export interface Sight {
  readonly position: "open" | "closed" | "between" | "unknown";
  /** When the box heard of the contact's last change, which is never before it happened; null while a contact is not good. */
  readonly positionAt: MonoMs | null;
  /** Against any motion: lock-out, hand operation, power, contacts. */
  readonly hold: Reason | null;
  /** The drive reports that its last run failed. Never hides what stands against motion. */
  readonly isFaulty: boolean;
  /** Against closing only: an occupied or unknown loop, an obstruction. */
  readonly blocked: Reason | null;
}

/** A lock-out by a person holds like one by a key switch, whatever the inputs say. */
export function lookAt(barrier: BarrierConfig, readings: Readings, lockOuts: Durable["lockOuts"]): Sight {
  const contacts = contactsOf(barrier, readings);
  const isLockedOut = lockOuts[barrier.id] !== undefined;
  return {
    ...contacts,
    hold:
      (isLockedOut ? "locked-out" : holdOf(barrier, readings)) ??
      (contacts.position === "unknown" ? "contact-unknown" : null),
    isFaulty: flag(barrier.fault, readings) === "yes",
    blocked: blockedOf(barrier, readings),
  };
}

/** A person or a mended supply must not set it in motion: an order to open is refused, and lapses. */
export function isOutOfReach({ hold }: Sight): boolean {
  return hold === "locked-out" || hold === "manual" || hold === "power-lost";
}

export function pointsOfBarrier(barrier: BarrierConfig): readonly string[] {
  const optional = [barrier.open, barrier.obstructed, barrier.fault, barrier.powerOk, barrier.manual, barrier.lockOut];
  return [barrier.closed, ...barrier.interlocks, ...optional.filter((point) => point !== undefined)];
}

type Flag = "yes" | "no" | "not-good" | "not-heard" | "absent";

function flag(point: string | undefined, readings: Readings): Flag {
  if (point === undefined) return "absent";
  const sample = readings[point]?.sample;
  if (sample === undefined) return "not-heard";
  if (sample.quality !== "good" || typeof sample.value !== "boolean") return "not-good";
  return sample.value ? "yes" : "no";
}

function contactsOf(barrier: BarrierConfig, readings: Readings): Pick<Sight, "position" | "positionAt"> {
  const closed = flag(barrier.closed, readings);
  const open = flag(barrier.open, readings);
  const closedAt = readings[barrier.closed]?.heardAt ?? 0;
  const openAt = barrier.open === undefined ? closedAt : (readings[barrier.open]?.heardAt ?? 0);
  if (closed === "yes" && (open === "no" || open === "absent")) return { position: "closed", positionAt: closedAt };
  if (closed === "no" && (open === "yes" || open === "absent")) return { position: "open", positionAt: openAt };
  if (closed === "no" && open === "no") return { position: "between", positionAt: Math.max(closedAt, openAt) };
  return { position: "unknown", positionAt: null };
}

function holdOf(barrier: BarrierConfig, readings: Readings): Reason | null {
  const lockOut = flag(barrier.lockOut, readings);
  const manual = flag(barrier.manual, readings);
  const power = flag(barrier.powerOk, readings);
  const fault = flag(barrier.fault, readings);
  const inputs = [lockOut, manual, power, fault, flag(barrier.closed, readings), flag(barrier.open, readings)];
  if (lockOut === "yes") return "locked-out";
  if (manual === "yes") return "manual";
  if (power === "no") return "power-lost";
  if (inputs.includes("not-heard")) return "waiting-for-fresh-inputs";
  if ([lockOut, manual].includes("not-good")) return "interlock-not-good";
  return [power, fault].includes("not-good") ? "contact-unknown" : null;
}

function blockedOf(barrier: BarrierConfig, readings: Readings): Reason | null {
  const loops = barrier.interlocks.map((point) => flag(point, readings));
  const obstructed = flag(barrier.obstructed, readings);
  if (loops.includes("yes")) return "vehicle-on-loop";
  if (obstructed === "yes") return "obstructed";
  if ([...loops, obstructed].includes("not-heard")) return "waiting-for-fresh-inputs";
  return [...loops, obstructed].includes("not-good") ? "interlock-not-good" : null;
}
