// Writes that wait for their one result, each with a limit: whatever happens first settles it, the rest is ignored.
import type { ErrorCode } from "../model/error.js";
import type { WriteRequest, WriteResult } from "../model/point.js";
import type { Clock, Timer } from "./ports.js";

export interface PendingWrites {
  /** Fails by itself with `field.write-unconfirmed` after `withinMs`. False when a write with this id waits already. */
  add(request: WriteRequest, withinMs: number): boolean;
  /** The writes to a point that wait, oldest first. */
  waitingFor(point: string): readonly WriteRequest[];
  confirm(id: string): void;
  fail(id: string, reason: ErrorCode): void;
  failAll(reason: ErrorCode): void;
  /** Settles with a result that comes from elsewhere. */
  settle(result: WriteResult): void;
}

export function createPendingWrites(
  machine: { readonly clock: Clock; readonly timer: Timer },
  tell: (result: WriteResult) => void,
): PendingWrites {
  const { clock, timer } = machine;
  const pending = new Map<string, { request: WriteRequest; cancel: () => void }>();

  function settle(result: WriteResult): void {
    pending.get(result.id)?.cancel();
    if (pending.delete(result.id)) tell(result);
  }
  function fail(id: string, reason: ErrorCode): void {
    const point = pending.get(id)?.request.point;
    if (point !== undefined) settle({ id, point, ok: false, reason, at: clock.mono() });
  }
  return {
    add(request, withinMs) {
      if (pending.has(request.id)) return false;
      const cancel = timer.at(clock.mono() + withinMs, () => fail(request.id, "field.write-unconfirmed"));
      pending.set(request.id, { request, cancel });
      return true;
    },
    waitingFor: (point) =>
      [...pending.values()].map(({ request }) => request).filter((request) => request.point === point),
    confirm(id) {
      const point = pending.get(id)?.request.point;
      if (point !== undefined) settle({ id, point, ok: true, confirmedAt: clock.mono() });
    },
    fail,
    failAll(reason) {
      for (const id of [...pending.keys()]) fail(id, reason);
    },
    settle,
  };
}
