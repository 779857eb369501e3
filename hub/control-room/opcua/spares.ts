// Conditions that wait for a source. To make one takes milliseconds, in which alarms of a storm would wait for each other; to give one
// away does not.
import { randomUUID } from "node:crypto";
import type { Alarm } from "./condition.js";

/** None is made beforehand within so long after one was given away. */
const quietMs = 5000;

export interface Spares {
  /** One that waits, else a new one for this source. */
  take(source: string): Alarm;
  /** So many are to wait from now on. */
  keep(count: number): void;
  close(): void;
}

/** `make` by node id; `hasRoom` for so many more. */
export function createSpares(make: (nodeId: string) => Alarm, hasRoom: (waiting: number) => boolean): Spares {
  const waiting: Alarm[] = [];
  let wanted = 0;
  let filling: NodeJS.Timeout | undefined;

  /** One at a time, when nothing happens: what there is to show must not wait. */
  function fillAfter(ms: number): void {
    clearTimeout(filling);
    if (waiting.length < wanted && hasRoom(waiting.length)) filling = setTimeout(fill, ms);
  }

  function fill(): void {
    // No id is given twice: whoever remembers one of an earlier run must not act on another alarm.
    waiting.push(make(`s=alarm:${randomUUID()}`));
    fillAfter(1);
  }

  return {
    take(source) {
      const alarm = waiting.pop() ?? make(`s=${source}:alarm`);
      fillAfter(quietMs);
      return alarm;
    },
    keep(count) {
      wanted = count;
      fillAfter(1);
    },
    close: () => clearTimeout(filling),
  };
}
