// What the driver remembers of one point between two messages of the board.
import type five from "johnny-five";
import type { PointValue } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { FirmataPointConfig } from "../../model/wiring.js";

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
  /** What the last write asked for. */
  wanted: boolean | undefined;
  relay: InstanceType<typeof five.Relay> | undefined;
}

export function newPoint(config: FirmataPointConfig): PointState {
  const never = Number.NEGATIVE_INFINITY;
  return { config, value: null, fresh: false, reportedAt: never, seenAt: never, wanted: undefined, relay: undefined };
}

/** Whether the relay is energised when its pin is at `state`. */
export function isEnergised(config: FirmataPointConfig, state: number): boolean {
  return (state !== 0) !== (config.activeLow === true);
}

/** Whether a raw analog value has to be reported at `now`. */
export function isWorthTelling(point: PointState, value: number, now: MonoMs): boolean {
  if (!point.fresh || typeof point.value !== "number") return true;
  return Math.abs(value - point.value) > analogStep || now - point.reportedAt >= analogEveryMs;
}
