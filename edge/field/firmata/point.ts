// What the driver remembers of one point between two messages of the board.
import type { PointValue } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { FirmataPointConfig } from "../../model/wiring.js";
import type { Relay } from "./relay.js";

/** A smaller change of a raw analog value is noise of the converter. */
const analogStep = 6;
/** An unchanged analog value is reported this often, as a sign of life. */
const analogEveryMs = 1000;

export interface PointState {
  readonly config: FirmataPointConfig;
  /** As reported last. */
  value: PointValue | null;
  /** False until the first report after a connection or reset. */
  fresh: boolean;
  reportedAt: MonoMs;
  /** When the last raw report of an analog input came. */
  seenAt: MonoMs;
  /** When a raw report first said otherwise than told; the next one bears it out or not. */
  suspectedAt: MonoMs | null;
  /** What that report of an analog input said, and since when reports differ from what was told, whatever they say. */
  suspectedRaw: number;
  differsSince: MonoMs | null;
  /** What the newest report of a digital input said that is suspected. */
  suspectedBit: boolean;
  /** What the last write asked for. */
  wanted: boolean | undefined;
  relay: Relay | undefined;
}

export function newPoint(config: FirmataPointConfig): PointState {
  const never = Number.NEGATIVE_INFINITY;
  const unknown = {
    value: null,
    fresh: false,
    suspectedAt: null,
    suspectedRaw: Number.NaN,
    differsSince: null,
    suspectedBit: false,
    wanted: undefined,
    relay: undefined,
  };
  return { ...unknown, config, reportedAt: never, seenAt: never };
}

/** Whether the relay is energised when its pin is at `state`. */
export function isEnergised(config: FirmataPointConfig, state: number): boolean {
  return (state !== 0) !== (config.activeLow === true);
}

/**
 * Firmata has no checksum: a flipped bit or noise can look like a report, though hardly twice with `gapMs` between. Null
 * until two raw reports so far apart, and all between them, differ from what was told; then the time of the first of them.
 */
export function bearsOut(point: PointState, differs: boolean, now: MonoMs, gapMs: number): MonoMs | null {
  const since = point.suspectedAt;
  const isBorneOut = differs && since !== null && now - since >= gapMs;
  point.suspectedAt = differs && !isBorneOut ? (since ?? now) : null;
  return isBorneOut ? since : null;
}

/** Two reports of the same voltage lie no further apart. */
const analogAgreement = 4 * analogStep;
/** A value that will not settle is told all the same: somebody may be at the line. */
const unsteadyMs = 250;

/**
 * When the raw analog value took effect that has to be reported at `now`; null when there is nothing to report. A new value
 * counts when two reports agree on it, `gapMs` or more apart: noise between two honest reports agrees with neither.
 */
export function takeAnalog(point: PointState, raw: number, now: MonoMs, gapMs: number): MonoMs | null {
  const told = point.fresh && typeof point.value === "number" ? point.value : Number.NaN;
  if (Math.abs(raw - told) <= analogStep) {
    settle(point);
    return now - point.reportedAt >= analogEveryMs ? now : null;
  }
  const differsSince = point.differsSince ?? now;
  point.differsSince = differsSince;
  if (point.suspectedAt === null || !(Math.abs(raw - point.suspectedRaw) <= analogAgreement)) {
    point.suspectedAt = now;
    point.suspectedRaw = raw;
  }
  const isBorneOut = now - point.suspectedAt >= gapMs && now > point.suspectedAt;
  const isUnsteady = now - differsSince >= unsteadyMs;
  if (!isBorneOut && !isUnsteady) return null;
  const since = isBorneOut ? point.suspectedAt : differsSince;
  settle(point);
  return since;
}

/** Nothing is suspected of the point any more. */
export function settle(point: PointState): void {
  point.suspectedAt = null;
  point.suspectedRaw = Number.NaN;
  point.differsSince = null;
}
