// How far one lane of one epoch has been sent and acknowledged. Pure.
import type { JournalRecord, Lane, LaneHead } from "../model/record.js";
import type { MonoMs } from "../model/time.js";

/** Records that may be on their way without an acknowledgement, per lane: at first, and within which bounds later. */
const inFlight: Record<Lane, { min: number; start: number; max: number }> = {
  alarm: { min: 256, start: 256, max: 256 },
  state: { min: 128, start: 512, max: 4096 },
  telemetry: { min: 128, start: 512, max: 4096 },
};
/**
 * A hub that stores faster, or slower, than this gets more, or less, at once. What waits there delays no alarm, which the hub
 * takes first; on a slow disk less at once would only mean more waits for it.
 */
const storedMs = { quick: 500, slow: 2_000 };
/** A larger record does not go into the hub's packet limit of 256 KiB. */
const recordBytesMax = 250 * 1024;
const ackWithinMs = 10_000;
const ackWithinMsMax = 60_000;

export interface LaneWindow {
  readonly epoch: string;
  readonly lane: Lane;
  /** First sequence that has not been sent. */
  readonly next: number;
  readonly acknowledged: number;
  /** When something that is on its way was sent, or the last of it was acknowledged. */
  readonly waitingSince: MonoMs;
  readonly ackWithinMs: number;
  /** Records that may be on their way. */
  readonly size: number;
  /** A record by whose acknowledgement the hub's speed is measured. */
  readonly probe: { readonly sequence: number; readonly sentAt: MonoMs } | null;
}

/** The hub has the lane up to `head`. */
export function windowAfter({ epoch, lane, sequence }: Omit<LaneHead, "hash">): LaneWindow {
  const at = { next: sequence + 1, acknowledged: sequence, waitingSince: 0 };
  return { epoch, lane, ...at, ackWithinMs, size: inFlight[lane].start, probe: null };
}

/** How many more records may be sent. */
export function roomIn(window: LaneWindow): number {
  return window.size - onItsWay(window);
}

/** Records up to `sequence` have been handed to the link. */
export function sent(window: LaneWindow, sequence: number, now: MonoMs): LaneWindow {
  const waitingSince = onItsWay(window) === 0 ? now : window.waitingSince;
  return { ...window, next: sequence + 1, waitingSince, probe: window.probe ?? { sequence, sentAt: now } };
}

/** The hub states its head. Less than it had before means that it was restored: sending starts again from there. */
export function acknowledge(window: LaneWindow, sequence: number, now: MonoMs): LaneWindow {
  if (sequence < window.acknowledged) return windowAfter({ ...window, sequence });
  if (sequence === window.acknowledged) return window;
  const next = Math.max(window.next, sequence + 1);
  return { ...measured(window, sequence, now), acknowledged: sequence, next, waitingSince: now, ackWithinMs };
}

function measured(window: LaneWindow, sequence: number, now: MonoMs): LaneWindow {
  const { probe, size } = window;
  if (probe === null || sequence < probe.sequence) return window;
  const { min, max } = inFlight[window.lane];
  const tookMs = now - probe.sentAt;
  const factor = tookMs < storedMs.quick ? 2 : tookMs > storedMs.slow ? 0.5 : 1;
  return { ...window, probe: null, size: Math.min(max, Math.max(min, size * factor)) };
}

/** After too long without an acknowledgement everything on its way is sent again, each time with more patience. */
export function withTimeout(window: LaneWindow, now: MonoMs): LaneWindow {
  if (onItsWay(window) === 0 || now - window.waitingSince < window.ackWithinMs) return window;
  const patience = Math.min(window.ackWithinMs * 2, ackWithinMsMax);
  return {
    ...window,
    next: window.acknowledged + 1,
    ackWithinMs: patience,
    size: inFlight[window.lane].min,
    probe: null,
  };
}

/** A stretch of sequences that the box cannot deliver any more: damaged on its disk, retired, or too large. */
export interface Missing {
  readonly epoch: string;
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
}

/** Records as JSON, ready to be joined, and the holes between them; both together reach from the window to `end`. */
export interface Batch {
  readonly texts: readonly string[];
  readonly missing: readonly Missing[];
  readonly end: number;
}

/** Nothing of the lane was acknowledged in time: other lanes need not wait for it any longer. */
export function isStalled(window: LaneWindow): boolean {
  return window.ackWithinMs > ackWithinMs;
}

/** As many of the records as fit into `bytesMax`, at least one. `last` is the lane's last sequence, for when there is none. */
export function batchOf(
  window: LaneWindow,
  records: readonly JournalRecord[],
  { bytesMax, last }: { bytesMax: number; last: number },
): Batch {
  const { epoch, lane } = window;
  const texts: string[] = [];
  const missing: Missing[] = [];
  let bytes = 0;
  let expected = window.next;
  for (const record of records) {
    const text = JSON.stringify(record);
    const size = Buffer.byteLength(text) + 1;
    if (size > recordBytesMax) continue;
    if (texts.length > 0 && bytes + size > bytesMax) break;
    if (record.sequence > expected) missing.push({ epoch, lane, from: expected, to: record.sequence - 1 });
    expected = record.sequence + 1;
    bytes += size;
    texts.push(text);
  }
  if (texts.length > 0) return { texts, missing, end: expected - 1 };
  const end = records.at(-1)?.sequence ?? last;
  return { texts, missing: [{ epoch, lane, from: expected, to: end }], end };
}

function onItsWay(window: LaneWindow): number {
  return window.next - 1 - window.acknowledged;
}
