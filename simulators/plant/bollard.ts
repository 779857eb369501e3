// A hydraulic rising bollard with its controller's own safety: motion, position contacts, what stops it and what it reports.
import { holdsDrive, type VehicleLoop } from "./loop.js";

export const demandWords = ["open", "close", "stop", "emergency-close"] as const;
export type Demand = (typeof demandWords)[number];

/** Times of a full run in ms. */
export interface BollardSettings {
  readonly travelMs: number;
  readonly emergencyTravelMs: number;
}

export type Motion = "still" | "raising" | "raising-fast" | "lowering";

export interface Bollard {
  /** 0 = lowered (open), 1 = raised (closed). */
  readonly position: number;
  readonly motion: Motion;
  readonly demand: Demand | "none";
  /** Orders received, also repeated ones. */
  readonly orders: number;
  readonly obstructed: boolean;
  readonly fault: boolean;
  readonly power: boolean;
  readonly jammed: boolean;
  /** Something lies on the lid that keeps it from coming up; the loop does not see it. */
  readonly obstacle: boolean;
  /** Plant time, ms: last step, start of the present motion, last change of a position contact. */
  readonly steppedAt: number;
  readonly movingSince: number;
  readonly contactChangedAt: number;
}

/** Below this position a vehicle that arrives stops a rising bollard; above it, it is already an obstacle to the vehicle. */
const safetyZone = 0.5;
/** How far the lid lifts before an obstacle stops it. */
const obstacleAt = 0.1;
/** Travel supervision: no end contact after this multiple of the run's time is a fault. */
const supervisionFactor = 1.5;

export function startBollard(starts: "open" | "closed", now: number): Bollard {
  return {
    position: starts === "closed" ? 1 : 0,
    motion: "still",
    demand: "none",
    orders: 0,
    obstructed: false,
    fault: false,
    power: true,
    jammed: false,
    obstacle: false,
    steppedAt: now,
    movingSince: now,
    contactChangedAt: now,
  };
}

export function isClosed(bollard: Bollard): boolean {
  return bollard.position >= 1;
}

export function isOpen(bollard: Bollard): boolean {
  return bollard.position <= 0;
}

const motionOf: Record<Demand, Motion> = {
  open: "lowering",
  close: "raising",
  stop: "still",
  "emergency-close": "raising-fast",
};

/**
 * An order as it is written: every writing counts, also of the same word. Rising over a loop that is not free is refused
 * and not remembered; nothing starts without power; a new motion clears the report of the last one.
 */
export function demandBollard(bollard: Bollard, demand: Demand, loop: VehicleLoop, now: number): Bollard {
  const noted = { ...bollard, demand, orders: bollard.orders + 1 };
  const motion = motionOf[demand];
  if (motion === "still") return { ...noted, motion };
  if (!bollard.power) return noted;
  if (motion !== "lowering" && holdsDrive(loop)) return noted;
  if (motion === "lowering" ? isOpen(bollard) : isClosed(bollard)) return { ...noted, motion: "still" };
  return { ...noted, motion, movingSince: now, steppedAt: now, obstructed: false, fault: false };
}

/** The drive loses or regains its supply. A raised bollard stays raised; motion stops and does not start again by itself. */
export function powerBollard(bollard: Bollard, power: boolean): Bollard {
  return { ...bollard, power, motion: power ? bollard.motion : "still" };
}

/** Somebody has removed what blocked it and reset the controller. */
export function freeBollard(bollard: Bollard): Bollard {
  return { ...bollard, jammed: false, obstacle: false, obstructed: false, fault: false };
}

function runMs(motion: Motion, settings: BollardSettings): number {
  return motion === "raising-fast" ? settings.emergencyTravelMs : settings.travelMs;
}

function moved(bollard: Bollard, settings: BollardSettings, now: number): Bollard {
  const share = bollard.jammed ? 0 : (now - bollard.steppedAt) / runMs(bollard.motion, settings);
  const goal = bollard.motion === "lowering" ? bollard.position - share : bollard.position + share;
  const limit = bollard.obstacle && bollard.motion !== "lowering" ? Math.max(obstacleAt, bollard.position) : 1;
  const position = Math.min(limit, Math.max(0, goal));
  const stopped = position < 1 && position === limit && !bollard.jammed;
  const arrived = bollard.motion === "lowering" ? position <= 0 : position >= 1;
  return {
    ...bollard,
    position,
    obstructed: stopped,
    motion: stopped || arrived ? "still" : bollard.motion,
    steppedAt: now,
  };
}

function supervised(bollard: Bollard, settings: BollardSettings, now: number): Bollard {
  const overdue = now - bollard.movingSince > runMs(bollard.motion, settings) * supervisionFactor;
  return bollard.motion !== "still" && overdue ? { ...bollard, motion: "still", fault: true } : bollard;
}

/** The state at `now`, given what the loop above it says. The time of a contact's change has the grain of the steps. */
export function stepBollard(bollard: Bollard, settings: BollardSettings, loop: VehicleLoop, now: number): Bollard {
  if (bollard.motion === "still") return { ...bollard, steppedAt: now };
  const rising = bollard.motion !== "lowering";
  if (rising && holdsDrive(loop) && bollard.position < safetyZone)
    return { ...bollard, motion: "still", steppedAt: now };
  const after = supervised(moved(bollard, settings, now), settings, now);
  const contactChanged = isClosed(after) !== isClosed(bollard) || isOpen(after) !== isOpen(bollard);
  return contactChanged ? { ...after, contactChangedAt: now } : after;
}
