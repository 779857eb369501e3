// When the box asks for a new certificate, as plain values: at two thirds of its life, spread over the boxes, again with
// growing pauses. While the clock was never set no date is judged.
import type { MonoMs, Stamp } from "../model/time.js";

/** Of a certificate, wall clock, ms since 1970. */
export interface Validity {
  readonly from: number;
  readonly to: number;
}

/** Of one run of the box. */
export interface Renewal {
  /** Drawn once, 0 to 1, so that a thousand boxes of one day do not ask in one hour. */
  readonly draw: number;
  readonly failures: number;
  /** While an answer is waited for. */
  readonly askedAt: MonoMs | null;
  readonly nextAt: MonoMs;
}

const dueShare = 2 / 3;
const spreadShare = 1 / 20;
const urgentShare = 5 / 6;
export const answerWithinMs = 60_000;
const retryMs = { first: 60_000, max: 6 * 3_600_000 };

export function startRenewal(draw: number): Renewal {
  return { draw, failures: 0, askedAt: null, nextAt: 0 };
}

export function isDue({ draw }: Renewal, validity: Validity, now: Stamp): boolean {
  return isPast(validity, now, dueShare + draw * spreadShare);
}

/** Close enough to its end that a person should know. */
export function isUrgent(validity: Validity, now: Stamp): boolean {
  return isPast(validity, now, urgentShare);
}

export function mayAsk(renewal: Renewal, validity: Validity, now: Stamp): boolean {
  return renewal.askedAt === null && now.mono >= renewal.nextAt && isDue(renewal, validity, now);
}

export function asked(renewal: Renewal, now: Stamp): Renewal {
  return { ...renewal, askedAt: now.mono };
}

export function isUnanswered({ askedAt }: Renewal, now: Stamp): boolean {
  return askedAt !== null && now.mono - askedAt >= answerWithinMs;
}

/** `share`: 0 to 1, of the pause's second half. */
export function failed(renewal: Renewal, now: Stamp, share: number): Renewal {
  const pauseMs = Math.min(retryMs.first * 2 ** renewal.failures, retryMs.max) * (0.5 + share / 2);
  return { ...renewal, askedAt: null, failures: renewal.failures + 1, nextAt: now.mono + pauseMs };
}

export function succeeded(renewal: Renewal): Renewal {
  return { ...renewal, askedAt: null, failures: 0 };
}

function isPast({ from, to }: Validity, now: Stamp, share: number): boolean {
  return now.clock !== "never-set" && now.wall >= from + (to - from) * share;
}
