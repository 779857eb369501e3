// Interlock checks that are under way, one per barrier: stepped with what the point book has heard whenever somebody looks.
import { beginChecks, type Checks, type Heard, stepChecks } from "../commissioning/interlocks.js";
import type { State } from "../controller.js";
import type { PointBook } from "../health/point-book.js";
import type { DriveRunResult } from "../model/drive-run.js";
import type { BarrierConfig } from "../model/site.js";
import type { MonoMs } from "../model/time.js";
import { lookAt } from "../response/sight.js";

/** A check that nobody has looked at for so long was given up, ms. */
const forgottenAfterMs = 3_600_000;

export interface CheckDesk {
  begin(barrier: BarrierConfig, by: string, seen: Seen): void;
  /** The check as it stands now; null when none is under way. */
  look(barrier: BarrierConfig, seen: Seen): Checks | null;
  end(barrier: string): Checks | null;
  /** An interlock ended a run of this barrier. */
  noteHalt(barrier: string, halt: DriveRunResult["halt"]): void;
}

interface Seen {
  readonly state: State;
  readonly points: PointBook;
  readonly now: MonoMs;
}

export function createCheckDesk(): CheckDesk {
  const open = new Map<string, Checks>();
  const halts = new Map<string, DriveRunResult["halt"]>();

  function look(barrier: BarrierConfig, { state, points, now }: Seen): Checks | null {
    const checks = open.get(barrier.id);
    if (checks === undefined) return null;
    if (now - checks.lookedAt > forgottenAfterMs) return end(barrier.id);
    const { readings, barriers } = state.transient;
    const next = stepChecks(checks, barrier, {
      heard: (point) => points.since(point, checks.lookedAt).map(heardOf),
      isRefused: lookAt(barrier, readings, state.durable.lockOuts).blocked !== null,
      isRunning: (barriers[barrier.id]?.driveRun?.demandedAt ?? null) !== null,
      halt: halts.get(barrier.id) ?? null,
      now,
    });
    open.set(barrier.id, next);
    return next;
  }

  function end(barrier: string): Checks | null {
    const checks = open.get(barrier) ?? null;
    open.delete(barrier);
    halts.delete(barrier);
    return checks;
  }

  return {
    begin(barrier, by, { state: { transient }, now }) {
      halts.delete(barrier.id);
      const present = (point: string) => {
        const sample = transient.readings[point]?.sample;
        return sample?.quality === "good" && typeof sample.value === "boolean" ? sample.value : null;
      };
      open.set(barrier.id, beginChecks(barrier, by, now, present));
    },
    look,
    end,
    noteHalt(barrier, halt) {
      if (halt !== null && open.has(barrier)) halts.set(barrier, halt);
    },
  };
}

function heardOf({ at, heardAt, value, quality }: ReturnType<PointBook["since"]>[number]): Heard {
  return { at, heardAt, value: quality === "good" && typeof value === "boolean" ? value : null };
}
