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
  /** What the last write asked for. */
  wanted: boolean | undefined;
  relay: Relay | undefined;
}

export function newPoint(config: FirmataPointConfig): PointState {
  const never = Number.NEGATIVE_INFINITY;
  const unknown = { value: null, fresh: false, suspectedAt: null, wanted: undefined, relay: undefined };
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

/** When the raw analog value took effect that has to be reported at `now`; null when there is nothing to report. */
export function takeAnalog(point: PointState, raw: number, now: MonoMs, gapMs: number): MonoMs | null {
  const told = point.fresh && typeof point.value === "number" ? point.value : Number.NaN;
  const isSame = Math.abs(raw - told) <= analogStep;
  const since = bearsOut(point, !isSame, now, gapMs);
  return isSame && now - point.reportedAt >= analogEveryMs ? now : since;
}
