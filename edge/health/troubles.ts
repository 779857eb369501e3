// Rubbish comes in floods: the first of a kind is told at once, the rest of a span is counted and told once.
import type { Clock, Timer } from "../machine/ports.js";

export interface ToldTrouble {
  readonly source: string;
  readonly code: string;
  readonly detail: string;
  readonly count: number;
}

const spanMs = 10_000;
/** Kinds of trouble that are counted apart at one time. */
const kindsMax = 200;

/** `tell` is called for the first of each source and code, and at the end of each span that saw more of them. */
export function createTroubleCounter(machine: { clock: Clock; timer: Timer }, tell: (trouble: ToldTrouble) => void) {
  const more = new Map<string, { detail: string; count: number }>();
  return (source: string, code: string, detail: string): void => {
    const key = `${source} ${code}`;
    const known = more.get(key);
    if (known !== undefined) {
      more.set(key, { detail, count: known.count + 1 });
      return;
    }
    tell({ source, code, detail, count: 1 });
    if (more.size >= kindsMax) return;
    more.set(key, { detail, count: 0 });
    machine.timer.at(machine.clock.mono() + spanMs, () => {
      const rest = more.get(key);
      more.delete(key);
      if (rest !== undefined && rest.count > 0) tell({ source, code, detail: rest.detail, count: rest.count });
    });
  };
}
