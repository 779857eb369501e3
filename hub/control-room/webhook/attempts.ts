// What becomes of a message after each attempt, as a pure step: delivered, tried again after a pause, or set aside.

/** How an attempt ended. `status` 0: no answer; `detail` says why. */
export interface Attempt {
  readonly status: number;
  readonly detail: string;
  /** Seconds that the receiver asks us to wait; null when it does not. */
  readonly retryAfter: number | null;
}

export interface Attempts {
  readonly failures: number;
  /** Failures by answers that say that the message itself is wrong. */
  readonly refusals: number;
  readonly firstAt: number;
}

export type Next =
  | { readonly kind: "delivered" }
  | { readonly kind: "again"; readonly attempts: Attempts; readonly inMs: number }
  | { readonly kind: "set-aside" };

export const pauseMsMin = 1000;
export const pauseMsMax = 300_000;
/** The message itself is refused so often before it stands aside for those behind it. */
export const refusalsMax = 3;
/** Answers that speak of the message and not of the moment or of who sends it. */
const refusing = new Set([400, 404, 405, 410, 411, 413, 414, 415, 422]);

export function firstOf(now: number): Attempts {
  return { failures: 0, refusals: 0, firstAt: now };
}

export function isTaken({ status }: Attempt): boolean {
  return status >= 200 && status < 300;
}

/** `giveUpMs`: a receiver that cannot be reached for so long loses the message to the list of those set aside. */
export function judge(
  attempts: Attempts,
  attempt: Attempt,
  { now, giveUpMs }: { readonly now: number; readonly giveUpMs: number },
): Next {
  if (isTaken(attempt)) return { kind: "delivered" };
  const { status, retryAfter } = attempt;
  const refusals = attempts.refusals + (refusing.has(status) ? 1 : 0);
  if (refusals >= refusalsMax || now - attempts.firstAt >= giveUpMs) return { kind: "set-aside" };
  const doubled = Math.min(pauseMsMin * 2 ** Math.min(attempts.failures, 20), pauseMsMax);
  const asked = retryAfter === null ? 0 : Math.min(retryAfter * 1000, pauseMsMax);
  const next = { ...attempts, failures: attempts.failures + 1, refusals };
  return { kind: "again", attempts: next, inMs: Math.max(doubled, asked) };
}
