// Counts what was refused and tells it at a bounded rate, so that a flood of rubbish is no flood of reports.

import type { ErrorCode } from "../model/error.js";
import type { Clock, Timer } from "./ports.js";

/** `count` refusals with this code since the last call; `detail` is of the newest. */
export type OnRefused<C extends string = ErrorCode> = (code: C, detail: string, count: number) => void;

/** The first of a kind is told at once, then at most one report per code in this time. */
export const refusalReportEveryMs = 1_000;

export interface Refusals<C extends string = ErrorCode> {
  add(code: C, detail: string): void;
  /** Forgets what is not told yet. */
  close(): void;
}

/** `everyMs`: at most one report per code in this time, after the first. */
export function createRefusals<C extends string = ErrorCode>(
  machine: { readonly clock: Clock; readonly timer: Timer },
  tell: OnRefused<C>,
  everyMs = refusalReportEveryMs,
): Refusals<C> {
  const waiting = new Map<C, { count: number; detail: string; cancel: () => void }>();

  function hold(code: C): void {
    const cancel = machine.timer.at(machine.clock.mono() + everyMs, () => {
      const held = waiting.get(code);
      waiting.delete(code);
      if (held === undefined || held.count === 0) return;
      hold(code);
      tell(code, held.detail, held.count);
    });
    waiting.set(code, { count: 0, detail: "", cancel });
  }

  return {
    add(code, detail) {
      const held = waiting.get(code);
      if (held === undefined) {
        hold(code);
        tell(code, detail, 1);
        return;
      }
      held.count += 1;
      held.detail = detail;
    },
    close() {
      for (const held of waiting.values()) held.cancel();
      waiting.clear();
    },
  };
}
