// Rubbish comes in floods: of each source and code the first is recorded at once, the rest is counted and recorded in spans.
import type { Clock, Timer } from "../machine/ports.js";
import { createRefusals, type Refusals } from "../machine/refusals.js";

export interface ToldTrouble {
  readonly source: string;
  readonly code: string;
  readonly detail: string;
  readonly count: number;
}

/** A record each 10 s at most spares the card. */
const spanMs = 10_000;

/** Sources are drivers and parts of the box, so there are few of them. */
export function createTroubleCounter(machine: { clock: Clock; timer: Timer }, tell: (trouble: ToldTrouble) => void) {
  const bySource = new Map<string, Refusals<string>>();

  function counterOf(source: string): Refusals<string> {
    const made = createRefusals<string>(
      machine,
      (code, detail, count) => tell({ source, code, detail, count }),
      spanMs,
    );
    bySource.set(source, made);
    return made;
  }

  return (source: string, code: string, detail: string): void =>
    (bySource.get(source) ?? counterOf(source)).add(code, detail);
}
